output "album_url" {
  description = "Address of the album."
  value       = module.kith.album_url
}

output "api_endpoint" {
  description = "Address of the HTTP API, past CloudFront."
  value       = module.kith.api_endpoint
}

output "originals_bucket" {
  description = "Bucket to put photos into."
  value       = module.kith.originals_bucket
}

output "derived_bucket" {
  description = "Bucket of thumbnails, crops and JSON."
  value       = module.kith.derived_bucket
}

output "page_bucket" {
  description = "Bucket of the album's page."
  value       = module.kith.page_bucket
}

output "distribution_id" {
  description = "Id of the CloudFront distribution."
  value       = module.kith.distribution_id
}

output "catalog_table" {
  description = "Name of the catalog's table."
  value       = module.kith.catalog_table
}

output "collection_id" {
  description = "Id of the Rekognition collection, or null."
  value       = module.kith.collection_id
}

output "queue_urls" {
  description = "Queues of photos: `photos` that wait, `failed`, and `undelivered`."
  value       = module.kith.queue_urls
}

output "topic_arns" {
  description = "Topics: `notices` of who appears, `alarms`."
  value       = module.kith.topic_arns
}

output "functions" {
  description = "Full names of the functions."
  value       = module.kith.functions
}

output "roles" {
  description = "Names of the roles, by what has them."
  value       = module.kith.roles
}

output "login" {
  description = "What a client needs to log in: `issuer`, `client_id`, `user_pool_id`, `domain`, `identity_pool_id`."
  value       = module.kith.login
}

output "dashboard" {
  description = "Name of the CloudWatch dashboard."
  value       = module.kith.dashboard
}
