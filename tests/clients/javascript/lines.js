// One request per line of standard input, one answer per line of standard output, both JSON.
// Bytes are {"$bytes": base64}, times {"$seconds": since 1970}.
"use strict";

const { createInterface } = require("node:readline");

const revive = (_, value) =>
  value?.$bytes === undefined ? value : Buffer.from(value.$bytes, "base64");

function encode(name, value) {
  const raw = this[name]; // a Date is text by now
  return raw instanceof Date ? { $seconds: raw.getTime() / 1000 } : value;
}

async function serve(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { how, operation, members } = JSON.parse(line, revive);
    const told = await answer[how](operation, members).then(
      (answered) => ({ answered }),
      (error) => ({ refused: describe(error) }),
    );
    process.stdout.write(`${JSON.stringify(told, encode)}\n`);
  }
}

const describe = (error) => ({
  name: error.name,
  message: error.message,
  kinds: kindsOf(error),
});

function kindsOf(error) {
  const kinds = [];
  for (let at = Object.getPrototypeOf(error); at; at = Object.getPrototypeOf(at)) {
    kinds.push(at.constructor.name);
  }
  return kinds;
}

module.exports = { serve };
