# The HTTP API: a function behind routes that say who may ask.

locals {
  # Without a token: what a page needs before anybody logged in, and what has a secret of its own in
  # its address. Pictures are such: a browser that shows one sends no token.
  routes = merge(
    { "ANY /api/{proxy+}" = "JWT" },
    { for route in local.picture_routes : route => "NONE" },
    { for route in var.public_routes : route => "NONE" },
    { for route in var.guest_routes : route => local.guest_authorization },
  )
  picture_routes      = ["GET /api/v1/pictures/{proxy+}", "GET /api/v1/crops/{proxy+}"]
  guest_authorization = { none = "JWT", identity = "AWS_IAM", link = "NONE" }[var.guests]
}

module "function" {
  source = "../function"

  name_prefix          = var.name_prefix
  name                 = "api"
  description          = "Answers the album's HTTP API"
  handler              = "kith.lambdas.api.handler"
  package              = var.function.package
  architecture         = var.function.architecture
  memory_mb            = var.memory_mb
  timeout_seconds      = var.timeout_seconds
  environment          = var.environment
  policy_json          = data.aws_iam_policy_document.api.json
  permissions_boundary = var.function.permissions_boundary
  vpc                  = var.function.vpc
  log_level            = var.function.log_level
  log_retention_days   = var.function.log_retention_days
  tracing              = var.function.tracing
  tags                 = var.tags
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name_prefix
  description   = "Kith's HTTP API"
  protocol_type = "HTTP"
  tags          = var.tags

  dynamic "cors_configuration" {
    for_each = length(var.cors_origins) > 0 ? [var.cors_origins] : []

    content {
      allow_origins = cors_configuration.value
      allow_methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
      allow_headers = ["authorization", "content-type", "if-match", "idempotency-key"]
      max_age       = 3600
    }
  }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.jwt.issuer
    audience = var.jwt.audience
  }
}

resource "aws_apigatewayv2_integration" "function" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = module.function.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.function.id}"
  authorization_type = each.value
  authorizer_id      = each.value == "JWT" ? aws_apigatewayv2_authorizer.jwt.id : null
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true
  tags        = var.tags

  default_route_settings {
    throttling_rate_limit    = var.requests_per_second
    throttling_burst_limit   = var.requests_at_once
    detailed_metrics_enabled = true
  }

  # No paths and no queries: addresses may hold the token of a link.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      requestId = "$context.requestId"
      time      = "$context.requestTimeEpoch"
      route     = "$context.routeKey"
      status    = "$context.status"
      bytes     = "$context.responseLength"
      ms        = "$context.responseLatency"
      subject   = "$context.authorizer.claims.sub"
      error     = "$context.error.message"
      refused   = "$context.authorizer.error"
    })
  }
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/vendedlogs/${var.name_prefix}-api" # names like this need no policy of their own
  retention_in_days = var.function.log_retention_days
  tags              = var.tags
}

resource "aws_lambda_permission" "api" {
  statement_id  = "ThisApiOnly"
  action        = "lambda:InvokeFunction"
  function_name = module.function.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*"
}
