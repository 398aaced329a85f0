mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix    = "kith-test"
  function       = { package = { filename = "main.tf" } }
  jwt            = { issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x", audience = ["client"] }
  originals_arn  = "arn:aws:s3:::kith-test-originals"
  derived_arn    = "arn:aws:s3:::kith-test-derived"
  catalog_arn    = "arn:aws:dynamodb:eu-west-1:123456789012:table/kith-test-catalog"
  collection_arn = "arn:aws:rekognition:eu-west-1:123456789012:collection/kith-test"
}

run "every_route_needs_a_token" {
  command = plan

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : key => route.authorization_type } == {
      "ANY /api/{proxy+}"             = "JWT"
      "GET /api/v1/shared/{proxy+}"   = "JWT"
      "POST /api/v1/shared/{proxy+}"  = "JWT"
      "GET /api/v1/pictures/{proxy+}" = "NONE"
      "GET /api/v1/crops/{proxy+}"    = "NONE"
    }
    error_message = "Without guests and public routes, nobody may ask without a token but for pictures, whose addresses are signed."
  }

  assert {
    condition     = length(output.guest_arns) == 0
    error_message = "Without guests there is nothing that they may call."
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 50
    error_message = "Requests must be throttled."
  }

  assert {
    condition     = !strcontains(aws_apigatewayv2_stage.default.access_log_settings[0].format, "path") && !strcontains(aws_apigatewayv2_stage.default.access_log_settings[0].format, "$context.identity")
    error_message = "The access log must hold neither addresses with tokens nor where people are."
  }
}

run "guests_with_an_identity" {
  command = plan

  variables {
    guests        = "identity"
    public_routes = ["GET /api/v1/health"]
  }

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : key => route.authorization_type } == {
      "ANY /api/{proxy+}"             = "JWT"
      "GET /api/v1/health"            = "NONE"
      "GET /api/v1/shared/{proxy+}"   = "AWS_IAM"
      "POST /api/v1/shared/{proxy+}"  = "AWS_IAM"
      "GET /api/v1/pictures/{proxy+}" = "NONE"
      "GET /api/v1/crops/{proxy+}"    = "NONE"
    }
    error_message = "Guests must sign for shared albums, and everybody else must have a token."
  }

  assert {
    condition = output.guest_arns == tolist([
      "arn:aws:execute-api:eu-west-1:123456789012:mocked/$default/GET/api/v1/shared/*",
      "arn:aws:execute-api:eu-west-1:123456789012:mocked/$default/POST/api/v1/shared/*",
    ])
    error_message = "Guests may call the routes of shared albums, and no other."
  }
}

run "refuses_open_doors_and_long_waits" {
  command = plan

  variables {
    guests          = "link"
    guest_routes    = ["GET /api/v1/{proxy+}"]
    public_routes   = ["GET /api/{proxy+}"]
    jwt             = { issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x", audience = [] }
    timeout_seconds = 31
  }

  expect_failures = [var.guest_routes, var.public_routes, var.jwt, var.timeout_seconds]
}
