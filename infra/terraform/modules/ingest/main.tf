# The function that looks at new photos, fed by the queue.

module "function" {
  source = "../function"

  name_prefix          = var.name_prefix
  name                 = "ingest"
  description          = "Looks at new photos: faces, people, thumbnails, crops"
  handler              = "kith.lambdas.ingest.handler"
  package              = var.function.package
  architecture         = var.function.architecture
  memory_mb            = var.memory_mb
  timeout_seconds      = var.timeout_seconds
  scratch_mb           = var.scratch_mb
  reserved_concurrency = var.reserved_concurrency
  environment          = var.environment
  policy_json          = data.aws_iam_policy_document.ingest.json
  permissions_boundary = var.function.permissions_boundary
  vpc                  = var.function.vpc
  log_level            = var.function.log_level
  log_retention_days   = var.function.log_retention_days
  tracing              = var.function.tracing
  tags                 = var.tags
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn                   = var.queue.arn
  function_name                      = module.function.arn
  enabled                            = var.enabled
  batch_size                         = var.batch_size
  maximum_batching_window_in_seconds = var.batch_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]
  tags                               = var.tags

  # Not the function's reserved concurrency: that throttles after a message was received, which
  # counts as a try, and after five of them a good photo is in the dead-letter queue.
  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }

  lifecycle {
    precondition {
      condition     = var.queue.visibility_timeout_seconds >= 6 * var.timeout_seconds
      error_message = "The queue's visibility timeout (${var.queue.visibility_timeout_seconds} s) must be at least 6 times timeout_seconds (${var.timeout_seconds} s): otherwise photos that are being worked on come again."
    }

    precondition {
      condition     = var.batch_size <= 10 || var.batch_window_seconds >= 1
      error_message = "A batch_size above 10 needs a batch_window_seconds of at least 1."
    }

    precondition {
      condition     = var.reserved_concurrency == null || try(var.reserved_concurrency >= var.maximum_concurrency, false)
      error_message = "reserved_concurrency must be at least maximum_concurrency: otherwise the mapping is throttled, and photos fail for it."
    }
  }
}
