# A new original -> EventBridge -> a queue. What fails too often waits in the dead-letter queue; what
# EventBridge could not deliver at all waits in a queue of its own, for only the first can be redriven.

locals {
  visibility_timeout_seconds = coalesce(var.visibility_timeout_seconds, 6 * var.function_timeout_seconds)
  pattern = {
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.bucket] }
      object = { key = [{ prefix = var.key_prefix }] }
    }
  }
}

# A bucket has one configuration of notifications: whoever wants events of this bucket adds a rule.
resource "aws_s3_bucket_notification" "originals" {
  bucket      = var.bucket
  eventbridge = true
}

resource "aws_cloudwatch_event_rule" "created" {
  name          = "${var.name_prefix}-created"
  description   = "New photos in ${var.bucket}"
  event_pattern = jsonencode(local.pattern)
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "queue" {
  rule      = aws_cloudwatch_event_rule.created.name
  target_id = "queue"
  arn       = aws_sqs_queue.photos.arn

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}

resource "aws_sqs_queue" "photos" {
  name                       = "${var.name_prefix}-photos"
  visibility_timeout_seconds = local.visibility_timeout_seconds
  message_retention_seconds  = 14 * 24 * 3600
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = var.max_receive_count
  })

  lifecycle {
    # AWS refuses the mapping below 1 x, and messages come twice below 6 x: the function may be
    # throttled and retried within one batch.
    precondition {
      condition     = local.visibility_timeout_seconds >= 6 * var.function_timeout_seconds
      error_message = "visibility_timeout_seconds must be at least 6 times function_timeout_seconds."
    }

    precondition {
      condition     = local.visibility_timeout_seconds <= 43200
      error_message = "The visibility timeout would be above 12 hours, which is the longest SQS knows."
    }
  }
}

resource "aws_sqs_queue" "failed" {
  name                      = "${var.name_prefix}-photos-failed"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue" "undelivered" {
  name                      = "${var.name_prefix}-photos-undelivered"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_redrive_allow_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.photos.arn]
  })
}

resource "aws_sqs_queue_policy" "this" {
  for_each = local.queues

  queue_url = each.value.url
  policy    = data.aws_iam_policy_document.queue[each.key].json
}
