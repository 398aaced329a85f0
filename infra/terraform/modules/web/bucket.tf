locals {
  types = {
    css   = "text/css; charset=utf-8"
    html  = "text/html; charset=utf-8"
    ico   = "image/x-icon"
    jpg   = "image/jpeg"
    js    = "text/javascript; charset=utf-8"
    json  = "application/json"
    png   = "image/png"
    svg   = "image/svg+xml"
    txt   = "text/plain; charset=utf-8"
    webp  = "image/webp"
    woff2 = "font/woff2"
  }
  files = var.page_folder == null ? [] : [
    for file in fileset(var.page_folder, "**") : file if contains(keys(local.types), reverse(split(".", file))[0])
  ]
}

resource "aws_s3_bucket" "page" {
  bucket_prefix = "${var.name_prefix}-page-"
  force_destroy = true # files of the program; none of a person
  tags          = var.tags
}

resource "aws_s3_bucket_ownership_controls" "page" {
  bucket = aws_s3_bucket.page.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "page" {
  bucket                  = aws_s3_bucket.page.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "page" {
  bucket = aws_s3_bucket.page.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "page" {
  bucket = aws_s3_bucket.page.id
  policy = data.aws_iam_policy_document.page.json

  depends_on = [aws_s3_bucket_public_access_block.page]
}

# Browsers ask again each time, and get 304: a page and its scripts are never of two versions.
resource "aws_s3_object" "page" {
  for_each = toset(local.files)

  bucket        = aws_s3_bucket.page.id
  key           = each.value
  source        = "${var.page_folder}/${each.value}"
  source_hash   = filemd5("${var.page_folder}/${each.value}")
  content_type  = local.types[reverse(split(".", each.value))[0]]
  cache_control = "no-cache"
}

# What the page must know of where it is.
resource "aws_s3_object" "settings" {
  bucket        = aws_s3_bucket.page.id
  key           = "settings.json"
  content       = jsonencode(var.page_settings)
  content_type  = local.types.json
  cache_control = "no-cache"
}

data "aws_iam_policy_document" "page" {
  statement {
    sid       = "ThisDistributionOnly"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.page.arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudfront_distribution.this.arn]
    }
  }

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.page.arn, "${aws_s3_bucket.page.arn}/*"]

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
}
