mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix       = "kith-test"
  function          = { package = { filename = "main.tf" } }
  queue_arn         = "arn:aws:sqs:eu-west-1:123456789012:kith-test-photos"
  notices_topic_arn = "arn:aws:sns:eu-west-1:123456789012:kith-test-notices"
  originals_arn     = "arn:aws:s3:::kith-test-originals"
  derived_arn       = "arn:aws:s3:::kith-test-derived"
  catalog_arn       = "arn:aws:dynamodb:eu-west-1:123456789012:table/kith-test-catalog"
  collection_arn    = "arn:aws:rekognition:eu-west-1:123456789012:collection/kith-test"
}

run "by_the_clock_and_by_hand" {
  command = plan

  assert {
    condition     = keys(aws_scheduler_schedule.this) == ["notices"] && keys(module.function) == ["backfill", "notices", "regroup"]
    error_message = "Notices run by the clock; backfill, and regrouping, which costs, when somebody asks."
  }

  assert {
    condition     = alltrue([for config in aws_lambda_function_event_invoke_config.this : config.maximum_retry_attempts == 0])
    error_message = "What fails must wait for the next run."
  }

  assert {
    condition     = data.aws_iam_policy_document.scheduler.statement[0].actions == toset(["lambda:InvokeFunction"])
    error_message = "The schedules may call functions, and nothing else."
  }
}

run "inventory_only_where_there_is_one" {
  command = plan

  variables {
    inventory_arn = "arn:aws:s3:::kith-test-inventory"
  }

  assert {
    condition     = tolist(data.aws_iam_policy_document.backfill.statement[3].resources) == tolist(["arn:aws:s3:::kith-test-inventory/*"])
    error_message = "Backfill may read the inventory that it was given."
  }
}

run "refuses_schedules_of_nothing" {
  command = plan

  variables {
    schedules = { backfill = "rate(1 day)" }
  }

  expect_failures = [var.schedules]
}

run "refuses_schedules_that_are_none" {
  command = plan

  variables {
    schedules = { regroup = "hourly" }
  }

  expect_failures = [var.schedules]
}
