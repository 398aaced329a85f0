data "aws_caller_identity" "current" {}

locals {
  catalog_arns = [var.catalog_arn, "${var.catalog_arn}/index/*"]
}

data "aws_iam_policy_document" "regroup" {
  statement {
    sid = "Catalog"
    actions = [
      "dynamodb:BatchGetItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ]
    resources = local.catalog_arns
  }

  dynamic "statement" {
    for_each = var.collection_arn == null ? [] : [var.collection_arn]

    content {
      sid       = "Collection"
      actions   = ["rekognition:ListFaces", "rekognition:SearchFaces"]
      resources = [statement.value]
    }
  }

  statement {
    sid       = "BringDocumentsUpToDate"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${var.derived_arn}/findings/*"]
  }

  # Without it, S3 answers "forbidden" where a photo has no document.
  statement {
    sid       = "TellWhatIsNotThere"
    actions   = ["s3:ListBucket"]
    resources = [var.derived_arn]
  }

  dynamic "statement" {
    for_each = var.database_secret_arn == null ? [] : [var.database_secret_arn]

    content {
      sid       = "Database"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value]
    }
  }
}

data "aws_iam_policy_document" "notices" {
  statement {
    sid = "Outbox"
    actions = [
      "dynamodb:BatchGetItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ]
    resources = local.catalog_arns
  }

  statement {
    sid       = "Notices"
    actions   = ["sns:Publish"]
    resources = [var.notices_topic_arn]
  }
}

data "aws_iam_policy_document" "backfill" {
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [var.originals_arn, var.derived_arn]
  }

  statement {
    sid       = "EnqueuePhotos"
    actions   = ["sqs:SendMessage"]
    resources = [var.queue_arn]
  }

  statement {
    sid       = "Progress"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${var.derived_arn}/state/*"]
  }

  dynamic "statement" {
    for_each = var.inventory_arn == null ? [] : [var.inventory_arn]

    content {
      sid       = "ReadInventory"
      actions   = ["s3:GetObject"]
      resources = ["${statement.value}/*"]
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name                 = "${var.name_prefix}-scheduler"
  description          = "Lets the schedules of ${var.name_prefix} call their functions"
  assume_role_policy   = data.aws_iam_policy_document.scheduler_trust.json
  permissions_boundary = var.function.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "work"
  role   = aws_iam_role.scheduler.id
  policy = data.aws_iam_policy_document.scheduler.json
}

data "aws_iam_policy_document" "scheduler_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    sid       = "CallScheduledFunctions"
    actions   = ["lambda:InvokeFunction"]
    resources = [for name in keys(var.schedules) : module.function[name].arn]
  }
}
