"""The record of a library in Amazon DynamoDB."""
