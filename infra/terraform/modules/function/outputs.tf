output "name" {
  description = "The function's full name."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "The function's ARN."
  value       = aws_lambda_function.this.arn
}

output "invoke_arn" {
  description = "The address by which API Gateway calls it."
  value       = aws_lambda_function.this.invoke_arn
}

output "timeout_seconds" {
  description = "Its timeout."
  value       = aws_lambda_function.this.timeout
}

output "role" {
  description = "Its role: `name`, `arn`."
  value = {
    name = aws_iam_role.this.name
    arn  = aws_iam_role.this.arn
  }
}

output "log_group" {
  description = "Its log group: `name`, `arn`."
  value = {
    name = aws_cloudwatch_log_group.this.name
    arn  = aws_cloudwatch_log_group.this.arn
  }
}
