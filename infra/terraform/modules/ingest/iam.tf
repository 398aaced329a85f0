data "aws_iam_policy_document" "ingest" {
  statement {
    sid       = "TakePhotos"
    actions   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = [var.queue.arn]
  }

  statement {
    sid       = "ReadOriginals"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${var.originals_arn}/*"]
  }

  statement {
    sid       = "WriteDerived"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${var.derived_arn}/*"]
  }

  # Without it, S3 answers "forbidden" where an object is not there, and a photo that was deleted in
  # the meantime would be tried again and again.
  statement {
    sid       = "TellWhatIsNotThere"
    actions   = ["s3:ListBucket"]
    resources = [var.originals_arn, var.derived_arn]
  }

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
    resources = [var.catalog_arn, "${var.catalog_arn}/index/*"]
  }

  dynamic "statement" {
    for_each = var.collection_arn == null ? [] : [var.collection_arn]

    content {
      sid       = "Collection"
      actions   = ["rekognition:IndexFaces", "rekognition:SearchFaces"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.collection_arn == null ? [] : [1]

    content {
      sid       = "LookAtPictures"
      actions   = ["rekognition:DetectLabels", "rekognition:DetectText"]
      resources = ["*"] # these actions know no resources
    }
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
