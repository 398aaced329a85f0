data "aws_iam_policy_document" "api" {
  # Presigned URLs and forms can do what their signer may: read photos, and add some below a folder of
  # its own, never replace or delete what else is there.
  statement {
    sid       = "SignOriginals"
    actions   = ["s3:GetObject"]
    resources = ["${var.originals_arn}/*"]
  }

  statement {
    sid       = "SignUploads"
    actions   = ["s3:PutObject"]
    resources = ["${var.originals_arn}/${var.upload_folder}/*"]
  }

  # Deleting, because whoever is forgotten must be gone from crops too.
  statement {
    sid       = "Derived"
    actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = ["${var.derived_arn}/*"]
  }

  # Without it, S3 answers "forbidden" where an object is not there.
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
      actions   = ["rekognition:DeleteFaces", "rekognition:IndexFaces", "rekognition:SearchFaces", "rekognition:SearchFacesByImage"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.collection_arn == null ? [] : [1]

    content {
      sid       = "LookAtPictures"
      actions   = ["rekognition:DetectFaces"]
      resources = ["*"] # this action knows no resources
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
