# Two buckets: what a person gave, and what Kith made of it. Only the first one tells of new objects,
# so nothing that Kith writes can start Kith again.

locals {
  buckets = {
    originals = {
      versioned       = true
      noncurrent_days = var.noncurrent_days
      archive_days    = var.archive_days
      cors_methods    = ["GET", "HEAD", "PUT", "POST"]
    }
    derived = {
      versioned       = false # it can be made again
      noncurrent_days = 1
      archive_days    = null
      cors_methods    = ["GET", "HEAD"]
    }
  }
  with_cors = length(var.cors_origins) > 0 ? local.buckets : {}
}

resource "aws_s3_bucket" "this" {
  for_each = local.buckets

  bucket_prefix = "${var.name_prefix}-${each.key}-"
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = { for name, bucket in local.buckets : name => bucket if bucket.versioned }

  bucket = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    id     = "unfinished-and-replaced"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = var.incomplete_upload_days
    }

    noncurrent_version_expiration {
      noncurrent_days = each.value.noncurrent_days
    }
  }

  dynamic "rule" {
    for_each = each.value.archive_days == null ? [] : [each.value.archive_days]

    content {
      id     = "seldom-looked-at"
      status = "Enabled"

      filter {}

      transition {
        days          = rule.value
        storage_class = "GLACIER_IR"
      }
    }
  }

  # S3 refuses rules on noncurrent versions that come before versioning.
  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_cors_configuration" "this" {
  for_each = local.with_cors

  bucket = aws_s3_bucket.this[each.key].id

  cors_rule {
    allowed_origins = var.cors_origins
    allowed_methods = each.value.cors_methods
    allowed_headers = ["*"]
    expose_headers  = ["ETag"] # browsers that upload in parts must read it
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_logging" "this" {
  for_each = var.access_log_bucket == null ? {} : local.buckets

  bucket        = aws_s3_bucket.this[each.key].id
  target_bucket = var.access_log_bucket
  target_prefix = "${aws_s3_bucket.this[each.key].id}/"
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id
  policy = data.aws_iam_policy_document.bucket[each.key].json

  # Both change the bucket's access at once, and S3 answers "conflict" to the second.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
