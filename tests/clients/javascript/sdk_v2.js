// The SDK for JavaScript v2. Region and key come from the environment, the endpoint from preload.js.
"use strict";

const { Rekognition } = require("aws-sdk");
const { serve } = require("./lines.js");

const client = new Rekognition();
const methodOf = (operation) => operation[0].toLowerCase() + operation.slice(1);

const call = (operation, members) => client[methodOf(operation)](members).promise();

function pages(operation, members) {
  const { PageSize, ...rest } = members;
  const request = client[methodOf(operation)]({ ...rest, MaxResults: PageSize });
  return new Promise((resolve, reject) => {
    const all = [];
    request.eachPage((error, page) => {
      if (error) reject(error);
      else if (page) all.push(page);
      else resolve(all);
      return true;
    });
  });
}

serve({ call, pages });
