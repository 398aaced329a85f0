# Alarms on what a person must look at, and one page that shows the rest. The log groups are made
# beside what writes to them, so that its role can name its own.

locals {
  # The failed photos' queue is the one that matters most: what is in it needs somebody.
  alarms = merge(
    {
      for name in [var.queues.failed, var.queues.undelivered] : "${name}-not-empty" => {
        description = "Photos wait in ${name}, which nobody takes them from: see docs/deploy-aws.md, When photos fail."
        namespace   = "AWS/SQS"
        metric      = "ApproximateNumberOfMessagesVisible"
        dimensions  = { QueueName = name }
        statistic   = "Maximum"
        period      = 60
        threshold   = 1
      }
    },
    {
      "${var.queues.photos}-old" = {
        description = "A photo has waited longer than ${var.queue_age_seconds} s: the functions fail, are throttled, or are too few."
        namespace   = "AWS/SQS"
        metric      = "ApproximateAgeOfOldestMessage"
        dimensions  = { QueueName = var.queues.photos }
        statistic   = "Maximum"
        period      = 300
        threshold   = var.queue_age_seconds
      }
      "${var.name_prefix}-http-api-errors" = {
        description = "The API answered with 5xx."
        namespace   = "AWS/ApiGateway"
        metric      = "5xx"
        dimensions  = { ApiId = var.api_id }
        statistic   = "Sum"
        period      = 300
        threshold   = var.api_errors
      }
    },
    {
      for name in var.functions : "${name}-errors" => {
        description = "${name} failed."
        namespace   = "AWS/Lambda"
        metric      = "Errors"
        dimensions  = { FunctionName = name }
        statistic   = "Sum"
        period      = 300
        threshold   = var.function_errors
      }
    },
    {
      for name in var.functions : "${name}-throttles" => {
        description = "${name} was not let run: the account's calls at once are used up."
        namespace   = "AWS/Lambda"
        metric      = "Throttles"
        dimensions  = { FunctionName = name }
        statistic   = "Sum"
        period      = 300
        threshold   = 1
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = each.key
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching" # nothing happened
  alarm_actions       = [var.alarms_topic_arn]
  ok_actions          = [var.alarms_topic_arn]
  tags                = var.tags
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name_prefix
  dashboard_body = jsonencode({ widgets = local.widgets })
}
