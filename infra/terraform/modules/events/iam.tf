locals {
  queues = {
    photos      = { url = aws_sqs_queue.photos.id, arn = aws_sqs_queue.photos.arn, from_events = true }
    failed      = { url = aws_sqs_queue.failed.id, arn = aws_sqs_queue.failed.arn, from_events = false }
    undelivered = { url = aws_sqs_queue.undelivered.id, arn = aws_sqs_queue.undelivered.arn, from_events = true }
  }
}

data "aws_iam_policy_document" "queue" {
  for_each = local.queues

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
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
    for_each = each.value.from_events ? [aws_cloudwatch_event_rule.created.arn] : []

    content {
      sid       = "ThisRuleOnly"
      actions   = ["sqs:SendMessage"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = ["events.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [statement.value]
      }
    }
  }
}
