# One Lambda function with a role and a log group of its own. Every function of Kith is made here.

locals {
  name     = "${var.name_prefix}-${var.name}"
  is_image = var.package.image_uri != null
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  function_name                  = local.name
  description                    = var.description
  role                           = aws_iam_role.this.arn
  architectures                  = [var.architecture]
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserved_concurrency
  tags                           = var.tags

  package_type     = local.is_image ? "Image" : "Zip"
  image_uri        = var.package.image_uri
  filename         = var.package.filename
  source_code_hash = local.is_image ? null : filebase64sha256(var.package.filename)
  handler          = local.is_image ? null : var.handler
  runtime          = local.is_image ? null : var.runtime

  dynamic "image_config" {
    for_each = local.is_image ? [var.handler] : []

    content {
      command = [image_config.value]
    }
  }

  ephemeral_storage {
    size = var.scratch_mb
  }

  environment {
    variables = merge({
      POWERTOOLS_SERVICE_NAME      = var.name
      POWERTOOLS_METRICS_NAMESPACE = var.name_prefix
      POWERTOOLS_LOG_LEVEL         = var.log_level
    }, var.environment)
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this.name
    application_log_level = var.log_level
    system_log_level      = "INFO"
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  dynamic "vpc_config" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  lifecycle {
    precondition {
      condition     = local.is_image || can(regex("^python3\\.(1[2-9])$", var.runtime))
      error_message = "runtime must be python3.12 or later: the libraries in the zip need the C library of Amazon Linux 2023."
    }
  }

  # Without its permissions the first calls of a new function fail.
  depends_on = [aws_iam_role_policy.basics, aws_iam_role_policy.work]
}
