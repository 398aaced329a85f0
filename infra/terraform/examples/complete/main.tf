# Everything at once: a name of one's own, guests, notices, a network without the internet, logs of
# access, a budget for what has our tag.

module "kith" {
  source = "../.."

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }

  name_prefix       = var.name_prefix
  package           = { filename = var.package_file }
  architecture      = var.architecture
  extra_environment = var.extra_environment
  collection_id     = var.collection_id
  page_folder       = var.page_folder
  domain            = var.domain
  key_prefix        = "photos/"

  ingest = {
    enabled             = var.ingest_enabled
    maximum_concurrency = 10
  }

  api = {
    public_routes       = ["GET /api/v1/health"]
    requests_per_second = 100
    requests_at_once    = 200
  }

  guests           = "identity"
  extra_auth_flows = var.extra_auth_flows

  schedules = {
    regroup = "cron(0 3 1 * ? *)" # each month; it costs what indexing costs
    notices = "cron(0 7,19 * * ? *)"
  }
  timezone = "Europe/Lisbon"

  notice_emails = var.notice_emails
  alarm_emails  = var.alarm_emails
  budget = {
    monthly_dollars = 50
    cost_tag        = { key = "project", value = var.name_prefix }
  }

  vpc               = var.vpc
  archive_days      = 90
  access_log_bucket = var.access_log_bucket

  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy
  tags                = { example = "complete" }
}
