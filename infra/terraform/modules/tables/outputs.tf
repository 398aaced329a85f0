output "catalog" {
  description = "The catalog's table: `name`, `arn`."
  value = {
    name = aws_dynamodb_table.catalog.name
    arn  = aws_dynamodb_table.catalog.arn
  }
}
