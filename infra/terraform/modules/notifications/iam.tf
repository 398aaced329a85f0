data "aws_caller_identity" "current" {}

locals {
  topics = {
    notices = { arn = aws_sns_topic.notices.arn, services = [] }
    alarms  = { arn = aws_sns_topic.alarms.arn, services = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"] }
  }
}

# A policy takes the place of the one that lets the account in: without a statement for it, only
# roles that say so themselves can publish, which is meant.
data "aws_iam_policy_document" "topic" {
  for_each = local.topics

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [each.value.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.services) > 0 ? [each.value.services] : []

    content {
      sid       = "AlarmsOfThisAccount"
      actions   = ["sns:Publish"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = statement.value
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [data.aws_caller_identity.current.account_id]
      }
    }
  }
}
