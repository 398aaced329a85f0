# What each function is told: only what it uses. README.md lists the names.

locals {
  everybody = merge(
    {
      KITH_ENGINE  = var.engine
      KITH_LIBRARY = "/tmp/kith" # the one folder that a function can write to
      KITH_CACHE   = "/tmp/kith-cache"
      KITH_TABLE   = module.tables.catalog.name
    },
    local.collection == null ? {} : { KITH_COLLECTION = local.collection },
    var.database_secret_arn == null ? {} : { KITH_DATABASE_SECRET = var.database_secret_arn },
  )
  buckets = {
    KITH_ORIGINALS_BUCKET = module.storage.originals.id
    KITH_DERIVED_BUCKET   = module.storage.derived.id
  }
  topic   = { KITH_TOPIC_ARN = module.notifications.notices_topic_arn }
  address = { KITH_PUBLIC_URL = module.web.url }
  uploads = { KITH_KEY_PREFIX = var.key_prefix }
  origins = length(var.cors_origins) == 0 ? {} : { KITH_ORIGINS = join(" ", var.cors_origins) }

  environment = {
    for name, own in {
      ingest   = merge(local.buckets, local.topic)
      api      = merge(local.buckets, local.address, local.uploads, local.origins, { KITH_GUESTS = var.guests })
      regroup  = local.buckets
      notices  = merge(local.topic, local.address)
      backfill = merge(local.buckets, local.uploads, { KITH_QUEUE_URL = module.events.queue.url })
    } : name => merge(local.everybody, own, var.extra_environment)
  }

  bucket_sources = [
    "https://${module.storage.originals.domain}",
    "https://${module.storage.derived.domain}",
  ]

  page_settings = {
    for name, value in {
      api              = "/api/v1"
      region           = data.aws_region.current.id
      issuer           = module.auth.issuer
      client_id        = module.auth.client_id
      login            = "https://${module.auth.login_domain}"
      identity_pool_id = module.auth.identity_pool_id
      api_host         = module.api.domain
    } : name => value if value != null
  }
}
