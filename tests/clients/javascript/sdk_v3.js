// The SDK for JavaScript v3. Region, key and endpoint come from the environment.
"use strict";

const sdk = require("@aws-sdk/client-rekognition");
const { serve } = require("./lines.js");

const client = new sdk.RekognitionClient();

async function call(operation, members) {
  const { $metadata, ...answer } = await client.send(new sdk[`${operation}Command`](members));
  return answer;
}

async function pages(operation, members) {
  const { PageSize: pageSize, ...rest } = members;
  const all = [];
  for await (const { $metadata, ...page } of sdk[`paginate${operation}`]({ client, pageSize }, rest)) {
    all.push(page);
  }
  return all;
}

serve({ call, pages });
