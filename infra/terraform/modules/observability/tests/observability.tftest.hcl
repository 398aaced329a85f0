mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix      = "kith-test"
  functions        = ["kith-test-ingest", "kith-test-api"]
  queues           = { photos = "kith-test-photos", failed = "kith-test-photos-failed", undelivered = "kith-test-photos-undelivered" }
  api_id           = "abc"
  table            = "kith-test-catalog"
  alarms_topic_arn = "arn:aws:sns:eu-west-1:123456789012:kith-test-alarms"
}

run "each_thing_has_its_alarm" {
  command = plan

  assert {
    condition = keys(aws_cloudwatch_metric_alarm.this) == [
      "kith-test-api-errors",
      "kith-test-api-throttles",
      "kith-test-http-api-errors",
      "kith-test-ingest-errors",
      "kith-test-ingest-throttles",
      "kith-test-photos-failed-not-empty",
      "kith-test-photos-old",
      "kith-test-photos-undelivered-not-empty",
    ]
    error_message = "Errors, throttles, old photos, failed photos and the API's errors must each ring, under names of their own."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["kith-test-photos-failed-not-empty"].threshold == 1 && aws_cloudwatch_metric_alarm.this["kith-test-photos-failed-not-empty"].period == 60
    error_message = "The first failed photo must be told of at once."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.treat_missing_data == "notBreaching" && length(alarm.alarm_actions) == 1])
    error_message = "An album that nobody uses must not ring, and what rings must be heard."
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 8
    error_message = "The dashboard must show its graphs."
  }
}

run "refuses_an_alarm_that_always_rings" {
  command = plan

  variables {
    function_errors = 0
  }

  expect_failures = [var.function_errors]
}
