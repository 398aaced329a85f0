# Kith in one account and one region: the modules, put together.

locals {
  collection = var.engine == "rekognition" ? coalesce(var.collection_id, one(aws_rekognition_collection.this[*].collection_id)) : null
  collection_arn = local.collection == null ? null : join(":", [
    "arn", data.aws_partition.current.partition, "rekognition", data.aws_region.current.id,
    data.aws_caller_identity.current.account_id, "collection/${local.collection}",
  ])

  # What all functions have in common.
  function = {
    package              = var.package
    architecture         = var.architecture
    permissions_boundary = var.permissions_boundary
    log_level            = var.log_level
    log_retention_days   = var.log_retention_days
    tracing              = var.tracing
    vpc = var.vpc == null ? null : {
      subnet_ids         = module.network[0].subnet_ids
      security_group_ids = [module.security_group[0].functions_id]
    }
  }

  function_names = concat(
    [module.ingest.function.name, module.api.function.name],
    [for function in module.jobs.functions : function.name],
  )
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# The faces' vectors. Destroying it loses them; indexing every photo again brings them back.
resource "aws_rekognition_collection" "this" {
  count = var.engine == "rekognition" && var.collection_id == null ? 1 : 0

  collection_id = var.name_prefix
  tags          = var.tags
}

module "storage" {
  source = "./modules/storage"

  name_prefix       = var.name_prefix
  force_destroy     = var.force_destroy
  cors_origins      = concat([module.web.url], var.cors_origins)
  archive_days      = var.archive_days
  access_log_bucket = var.access_log_bucket
  tags              = var.tags
}

module "tables" {
  source = "./modules/tables"

  name_prefix         = var.name_prefix
  deletion_protection = var.deletion_protection
  tags                = var.tags
}

module "events" {
  source = "./modules/events"

  name_prefix              = var.name_prefix
  bucket                   = module.storage.originals.id
  key_prefix               = var.key_prefix
  function_timeout_seconds = var.ingest.timeout_seconds
  max_receive_count        = var.ingest.max_receive_count
  tags                     = var.tags
}

module "ingest" {
  source = "./modules/ingest"

  name_prefix          = var.name_prefix
  function             = local.function
  environment          = local.environment.ingest
  queue                = module.events.queue
  enabled              = var.ingest.enabled
  memory_mb            = var.ingest.memory_mb
  timeout_seconds      = var.ingest.timeout_seconds
  batch_size           = var.ingest.batch_size
  batch_window_seconds = var.ingest.batch_window_seconds
  maximum_concurrency  = var.ingest.maximum_concurrency
  originals_arn        = module.storage.originals.arn
  derived_arn          = module.storage.derived.arn
  catalog_arn          = module.tables.catalog.arn
  collection_arn       = local.collection_arn
  database_secret_arn  = var.database_secret_arn
  tags                 = var.tags
}

module "api" {
  source = "./modules/api"

  name_prefix         = var.name_prefix
  function            = local.function
  environment         = local.environment.api
  memory_mb           = var.api.memory_mb
  jwt                 = { issuer = module.auth.issuer, audience = [module.auth.client_id] }
  public_routes       = var.api.public_routes
  guests              = var.guests
  cors_origins        = var.cors_origins
  requests_per_second = var.api.requests_per_second
  requests_at_once    = var.api.requests_at_once
  originals_arn       = module.storage.originals.arn
  upload_folder       = join("/", compact([trimsuffix(var.key_prefix, "/"), "uploads"]))
  derived_arn         = module.storage.derived.arn
  catalog_arn         = module.tables.catalog.arn
  collection_arn      = local.collection_arn
  database_secret_arn = var.database_secret_arn
  tags                = var.tags
}

module "jobs" {
  source = "./modules/jobs"

  name_prefix         = var.name_prefix
  function            = local.function
  environment         = { for name in ["regroup", "notices", "backfill"] : name => local.environment[name] }
  schedules           = var.schedules
  timezone            = var.timezone
  queue_arn           = module.events.queue.arn
  notices_topic_arn   = module.notifications.notices_topic_arn
  originals_arn       = module.storage.originals.arn
  derived_arn         = module.storage.derived.arn
  inventory_arn       = var.inventory_arn
  catalog_arn         = module.tables.catalog.arn
  collection_arn      = local.collection_arn
  database_secret_arn = var.database_secret_arn
  tags                = var.tags
}

module "auth" {
  source = "./modules/auth"

  name_prefix          = var.name_prefix
  domain_prefix        = var.login_domain_prefix
  callback_urls        = ["${module.web.url}/"]
  logout_urls          = ["${module.web.url}/"]
  extra_auth_flows     = var.extra_auth_flows
  mfa                  = var.mfa
  deletion_protection  = var.deletion_protection
  guest_arns           = module.api.guest_arns
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

module "web" {
  source = "./modules/web"

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }

  name_prefix     = var.name_prefix
  page_folder     = var.page_folder
  page_settings   = local.page_settings
  api_domain      = module.api.domain
  connect_sources = concat(local.bucket_sources, ["https://${module.auth.login_domain}"])
  image_sources   = local.bucket_sources
  domain          = var.domain
  web_acl_arn     = var.web_acl_arn
  tags            = var.tags
}

module "notifications" {
  source = "./modules/notifications"

  name_prefix   = var.name_prefix
  notice_emails = var.notice_emails
  alarm_emails  = var.alarm_emails
  tags          = var.tags
}

module "network" {
  source = "./modules/network"
  count  = var.vpc == null ? 0 : 1

  name_prefix                = var.name_prefix
  cidr                       = var.vpc.cidr
  zone_count                 = var.vpc.zone_count
  interface_endpoints        = var.vpc.interface_endpoints
  endpoint_security_group_id = module.security_group[0].endpoints_id
  tags                       = var.tags
}

module "security_group" {
  source = "./modules/security_group"
  count  = var.vpc == null ? 0 : 1

  name_prefix     = var.name_prefix
  vpc_id          = module.network[0].vpc_id
  prefix_list_ids = module.network[0].prefix_list_ids
  tags            = var.tags
}

module "observability" {
  source = "./modules/observability"

  name_prefix = var.name_prefix
  functions   = local.function_names
  queues = {
    photos      = module.events.queue.name
    failed      = module.events.failed.name
    undelivered = module.events.undelivered.name
  }
  api_id            = module.api.id
  table             = module.tables.catalog.name
  alarms_topic_arn  = module.notifications.alarms_topic_arn
  queue_age_seconds = var.queue_age_seconds
  tags              = var.tags
}

module "budget" {
  source = "./modules/budget"
  count  = var.budget == null ? 0 : 1

  name_prefix     = var.name_prefix
  monthly_dollars = var.budget.monthly_dollars
  cost_tag        = var.budget.cost_tag
  topic_arns      = [module.notifications.alarms_topic_arn]
  tags            = var.tags
}
