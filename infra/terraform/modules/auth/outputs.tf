output "issuer" {
  description = "Who issues the tokens."
  value       = "https://${aws_cognito_user_pool.this.endpoint}"
}

output "client_id" {
  description = "Id of the album's page as a client."
  value       = aws_cognito_user_pool_client.page.id
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.this.id
}

output "login_domain" {
  description = "Host of the login page."
  value       = "${aws_cognito_user_pool_domain.this.domain}.auth.${data.aws_region.current.id}.amazoncognito.com"
}

output "identity_pool_id" {
  description = "Id of the guests' identity pool, or null."
  value       = one(aws_cognito_identity_pool.guests[*].id)
}

output "guest_role" {
  description = "The guests' role, or null: `name`, `arn`."
  value       = one([for role in aws_iam_role.guest : { name = role.name, arn = role.arn }])
}
