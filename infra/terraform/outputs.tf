output "album_url" {
  description = "Address of the album."
  value       = module.web.url
}

output "api_endpoint" {
  description = "Address of the HTTP API, past CloudFront."
  value       = module.api.endpoint
}

output "originals_bucket" {
  description = "Bucket to put photos into."
  value       = module.storage.originals.id
}

output "derived_bucket" {
  description = "Bucket of thumbnails, crops and JSON."
  value       = module.storage.derived.id
}

output "page_bucket" {
  description = "Bucket of the album's page."
  value       = module.web.bucket.id
}

output "distribution_id" {
  description = "Id of the CloudFront distribution."
  value       = module.web.distribution_id
}

output "catalog_table" {
  description = "Name of the catalog's table."
  value       = module.tables.catalog.name
}

output "collection_id" {
  description = "Id of the Rekognition collection, or null."
  value       = local.collection
}

output "queue_urls" {
  description = "Queues of photos: `photos` that wait, `failed`, and `undelivered`."
  value = {
    photos      = module.events.queue.url
    failed      = module.events.failed.url
    undelivered = module.events.undelivered.url
  }
}

output "topic_arns" {
  description = "Topics: `notices` of who appears, `alarms`."
  value = {
    notices = module.notifications.notices_topic_arn
    alarms  = module.notifications.alarms_topic_arn
  }
}

output "functions" {
  description = "Full names of the functions."
  value = merge(
    { ingest = module.ingest.function.name, api = module.api.function.name },
    { for name, function in module.jobs.functions : name => function.name },
  )
}

output "roles" {
  description = "Names of the roles, by what has them."
  value = merge(
    { ingest = module.ingest.function.role.name, api = module.api.function.role.name },
    { for name, function in module.jobs.functions : name => function.role.name },
    { scheduler = module.jobs.scheduler_role.name },
    module.auth.guest_role == null ? {} : { guest = module.auth.guest_role.name },
  )
}

output "login" {
  description = "What a client needs to log in: `issuer`, `client_id`, `user_pool_id`, `domain`, `identity_pool_id`."
  value = {
    issuer           = module.auth.issuer
    client_id        = module.auth.client_id
    user_pool_id     = module.auth.user_pool_id
    domain           = module.auth.login_domain
    identity_pool_id = module.auth.identity_pool_id
  }
}

output "dashboard" {
  description = "Name of the CloudWatch dashboard."
  value       = module.observability.dashboard
}
