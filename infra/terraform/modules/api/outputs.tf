output "function" {
  description = "The function: `name`, `arn`, `role`, `log_group`."
  value = {
    name      = module.function.name
    arn       = module.function.arn
    role      = module.function.role
    log_group = module.function.log_group
  }
}

output "id" {
  description = "Id of the HTTP API."
  value       = aws_apigatewayv2_api.this.id
}

output "endpoint" {
  description = "Address of the HTTP API, without a path."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "domain" {
  description = "Host of the HTTP API."
  value       = trimprefix(aws_apigatewayv2_api.this.api_endpoint, "https://")
}

output "guest_arns" {
  description = "What the guest identity may call: nothing, unless guests is `identity`."
  value = var.guests == "identity" ? [
    for route in var.guest_routes :
    "${aws_apigatewayv2_api.this.execution_arn}/$default/${replace(replace(route, " /", "/"), "{proxy+}", "*")}"
  ] : []
}

output "access_log_group" {
  description = "Log group of requests: `name`, `arn`."
  value = {
    name = aws_cloudwatch_log_group.access.name
    arn  = aws_cloudwatch_log_group.access.arn
  }
}
