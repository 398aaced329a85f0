output "originals" {
  description = "Bucket of the photos as they came: `id`, `arn`, `domain`."
  value = {
    id     = aws_s3_bucket.this["originals"].id
    arn    = aws_s3_bucket.this["originals"].arn
    domain = aws_s3_bucket.this["originals"].bucket_regional_domain_name
  }
}

output "derived" {
  description = "Bucket of thumbnails, crops and JSON: `id`, `arn`, `domain`."
  value = {
    id     = aws_s3_bucket.this["derived"].id
    arn    = aws_s3_bucket.this["derived"].arn
    domain = aws_s3_bucket.this["derived"].bucket_regional_domain_name
  }
}
