mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix   = "kith-test"
  callback_urls = ["https://photos.example.org/"]
}

run "nobody_signs_up" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool.this.admin_create_user_config[0].allow_admin_create_user_only
    error_message = "Accounts are made by the owner."
  }

  assert {
    condition     = !aws_cognito_user_pool_client.page.generate_secret && aws_cognito_user_pool_client.page.allowed_oauth_flows == toset(["code"])
    error_message = "A page has no secret, and gets codes."
  }

  assert {
    condition     = aws_cognito_user_pool_client.page.prevent_user_existence_errors == "ENABLED"
    error_message = "Nobody may find out who has an account."
  }

  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "ACTIVE" && aws_cognito_user_pool_domain.this.domain == "kith-test-123456789012"
    error_message = "Accounts must be protected, and the login page's host must be nobody else's."
  }

  assert {
    condition     = length(aws_cognito_identity_pool.guests) == 0 && length(aws_iam_role.guest) == 0
    error_message = "Without routes for guests there must be no guests."
  }
}

run "guests_see_shared_albums" {
  command = plan

  variables {
    guest_arns = ["arn:aws:execute-api:eu-west-1:123456789012:x/$default/GET/api/v1/shared/*"]
  }

  assert {
    condition     = keys(aws_cognito_identity_pool_roles_attachment.guests[0].roles) == tolist(["unauthenticated"])
    error_message = "Only guests get keys: who has an account has a token."
  }

  assert {
    condition     = aws_cognito_identity_pool.guests[0].allow_classic_flow
    error_message = "With the other flow AWS refuses guests API Gateway, whatever their role says."
  }
}

run "refuses_open_doors_and_hosts_of_others" {
  command = plan

  variables {
    guest_arns       = ["arn:aws:execute-api:eu-west-1:123456789012:x/$default/GET/api/v1/people"]
    callback_urls    = ["http://photos.example.org/"]
    extra_auth_flows = ["ALLOW_USER_PASSWORD_AUTH"]
    domain_prefix    = "my-aws-photos"
  }

  expect_failures = [var.guest_arns, var.callback_urls, var.extra_auth_flows, var.domain_prefix]
}
