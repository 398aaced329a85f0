output "functions_id" {
  description = "Security group of the functions."
  value       = aws_security_group.functions.id
}

output "endpoints_id" {
  description = "Security group of the endpoints."
  value       = aws_security_group.endpoints.id
}
