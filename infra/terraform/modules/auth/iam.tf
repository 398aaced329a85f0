resource "aws_iam_role" "guest" {
  count = length(aws_cognito_identity_pool.guests)

  name                 = "${var.name_prefix}-guest"
  description          = "What somebody without an account may do: look at shared albums"
  assume_role_policy   = data.aws_iam_policy_document.guest_trust[0].json
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "guest" {
  count = length(aws_cognito_identity_pool.guests)

  name   = "shared-albums"
  role   = aws_iam_role.guest[0].id
  policy = data.aws_iam_policy_document.guest[0].json
}

data "aws_iam_policy_document" "guest_trust" {
  count = length(aws_cognito_identity_pool.guests)

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["cognito-identity.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "cognito-identity.amazonaws.com:aud"
      values   = [aws_cognito_identity_pool.guests[0].id]
    }

    condition {
      test     = "ForAnyValue:StringLike"
      variable = "cognito-identity.amazonaws.com:amr"
      values   = ["unauthenticated"]
    }
  }
}

data "aws_iam_policy_document" "guest" {
  count = length(aws_cognito_identity_pool.guests)

  statement {
    sid       = "SharedAlbums"
    actions   = ["execute-api:Invoke"]
    resources = var.guest_arns
  }
}
