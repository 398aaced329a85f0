output "catalog" {
  description = "The catalog's table: `name`, `arn`."
  value = {
    name = aws_dynamodb_table.catalog.name
    arn  = aws_dynamodb_table.catalog.arn
  }
}

output "idempotency" {
  description = "The table of what was done already: `name`, `arn`."
  value = {
    name = aws_dynamodb_table.idempotency.name
    arn  = aws_dynamodb_table.idempotency.arn
  }
}
