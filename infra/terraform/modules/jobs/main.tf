# Work without anybody waiting: notices by the clock, backfill and regrouping when asked, or by the
# clock where somebody wants to pay for that.

locals {
  functions = {
    regroup = {
      description = "Works out people anew where photos came or decisions fell"
      policy_json = data.aws_iam_policy_document.regroup.json
    }
    notices = {
      description = "Sends what waits in the outbox"
      policy_json = data.aws_iam_policy_document.notices.json
    }
    backfill = {
      description = "Puts photos that are in the bucket already into the queue"
      policy_json = data.aws_iam_policy_document.backfill.json
    }
  }
}

module "function" {
  source   = "../function"
  for_each = local.functions

  name_prefix          = var.name_prefix
  name                 = each.key
  description          = each.value.description
  handler              = "kith.lambdas.${each.key}.handler"
  package              = var.function.package
  architecture         = var.function.architecture
  memory_mb            = var.sizes[each.key].memory_mb
  timeout_seconds      = var.sizes[each.key].timeout_seconds
  environment          = var.environment[each.key]
  policy_json          = each.value.policy_json
  permissions_boundary = var.function.permissions_boundary
  vpc                  = var.function.vpc
  log_level            = var.function.log_level
  log_retention_days   = var.function.log_retention_days
  tracing              = var.function.tracing
  tags                 = var.tags

  # Two at once would do the same work twice: conditional writes keep it right, but it costs.
  reserved_concurrency = var.one_at_a_time ? 1 : null
}

# What fails is done by the next run; what is older than one run is of no use.
resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = local.functions

  function_name                = module.function[each.key].name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 300
}

resource "aws_scheduler_schedule_group" "this" {
  name = var.name_prefix
  tags = var.tags
}

resource "aws_scheduler_schedule" "this" {
  for_each = var.schedules

  name                         = "${var.name_prefix}-${each.key}"
  group_name                   = aws_scheduler_schedule_group.this.name
  schedule_expression          = each.value
  schedule_expression_timezone = var.timezone
  state                        = var.enabled ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.function[each.key].arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ source = "schedule" })

    retry_policy {
      maximum_event_age_in_seconds = 300
      maximum_retry_attempts       = 2
    }
  }
}
