output "url" {
  description = "Address of the album."
  value       = "https://${local.host}"
}

output "distribution_id" {
  description = "Id of the distribution."
  value       = aws_cloudfront_distribution.this.id
}

output "bucket" {
  description = "Bucket of the page's files: `id`, `arn`."
  value = {
    id  = aws_s3_bucket.page.id
    arn = aws_s3_bucket.page.arn
  }
}
