# Accounts with Cognito's own login page, and an identity for guests who have no account.

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  # Login domains are shared by everybody in a region, so the account's number makes this one unique.
  domain_prefix = coalesce(var.domain_prefix, "${var.name_prefix}-${data.aws_caller_identity.current.account_id}")
}

resource "aws_cognito_user_pool" "this" {
  name                     = var.name_prefix
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  mfa_configuration        = var.mfa
  tags                     = var.tags

  username_configuration {
    case_sensitive = false
  }

  # An album is no place to sign up at: its owner invites.
  admin_create_user_config {
    allow_admin_create_user_only = true
  }

  password_policy {
    minimum_length                   = 12
    require_lowercase                = false
    require_numbers                  = false
    require_symbols                  = false
    require_uppercase                = false
    temporary_password_validity_days = 7
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : [1]

    content {
      enabled = true
    }
  }
}

resource "aws_cognito_user_pool_domain" "this" {
  domain       = local.domain_prefix
  user_pool_id = aws_cognito_user_pool.this.id
}

# Kith's roles; what each may do is decided by the code behind the API.
resource "aws_cognito_user_group" "this" {
  for_each = {
    owner  = { precedence = 1, description = "May do everything" }
    editor = { precedence = 2, description = "May name, correct and upload" }
    viewer = { precedence = 3, description = "May look" }
  }

  name         = each.key
  description  = each.value.description
  precedence   = each.value.precedence
  user_pool_id = aws_cognito_user_pool.this.id
}

# A page cannot keep a secret: so there is none, and codes are bound to the browser (PKCE).
resource "aws_cognito_user_pool_client" "page" {
  name                                 = "${var.name_prefix}-page"
  user_pool_id                         = aws_cognito_user_pool.this.id
  generate_secret                      = false
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["email", "openid", "profile"]
  supported_identity_providers         = ["COGNITO"]
  callback_urls                        = var.callback_urls
  logout_urls                          = var.logout_urls
  explicit_auth_flows                  = concat(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"], var.extra_auth_flows)
  prevent_user_existence_errors        = "ENABLED"
  enable_token_revocation              = true
  access_token_validity                = 60
  id_token_validity                    = 60
  refresh_token_validity               = 30

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}

resource "aws_cognito_identity_pool" "guests" {
  count = length(var.guest_arns) > 0 ? 1 : 0

  identity_pool_name               = "${var.name_prefix}-guests"
  allow_unauthenticated_identities = true
  tags                             = var.tags

  # The newer flow lets guests use a list of services of AWS's choosing, whatever their role says,
  # and API Gateway is not on it.
  allow_classic_flow = true
}

resource "aws_cognito_identity_pool_roles_attachment" "guests" {
  count = length(aws_cognito_identity_pool.guests)

  identity_pool_id = aws_cognito_identity_pool.guests[0].id
  roles            = { unauthenticated = aws_iam_role.guest[0].arn }
}
