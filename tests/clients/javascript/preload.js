require("aws-sdk").config.update({
  rekognition: { endpoint: process.env.AWS_ENDPOINT_URL_REKOGNITION },
});
