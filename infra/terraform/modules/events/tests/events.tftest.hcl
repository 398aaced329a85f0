mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix              = "kith-test"
  bucket                   = "kith-test-originals"
  function_timeout_seconds = 120
}

run "new_objects_of_one_bucket" {
  command = plan

  variables {
    key_prefix = "photos/"
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.created.event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Created"] # tags on an object are events as well
      detail = {
        bucket = { name = ["kith-test-originals"] }
        object = { key = [{ prefix = "photos/" }] }
      }
    }
    error_message = "The rule must match new photos of this bucket, and nothing else."
  }

  assert {
    condition     = aws_s3_bucket_notification.originals.eventbridge && aws_s3_bucket_notification.originals.bucket == "kith-test-originals"
    error_message = "The bucket must tell EventBridge."
  }
}

run "six_times_the_function" {
  command = plan

  assert {
    condition     = aws_sqs_queue.photos.visibility_timeout_seconds == 720
    error_message = "The queue must hide a message for six times the function's timeout."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.photos.redrive_policy).maxReceiveCount == 5
    error_message = "After five tries a photo must go to the dead-letter queue."
  }

  assert {
    condition     = length(one(aws_cloudwatch_event_target.queue.dead_letter_config).arn) > 0
    error_message = "What EventBridge cannot deliver must be kept."
  }

  assert {
    condition     = aws_sqs_queue.photos.sqs_managed_sse_enabled && aws_sqs_queue.failed.sqs_managed_sse_enabled && aws_sqs_queue.undelivered.sqs_managed_sse_enabled
    error_message = "Queues must be encrypted."
  }
}

run "refuses_less_than_six_times" {
  command = plan

  variables {
    visibility_timeout_seconds = 719
  }

  expect_failures = [aws_sqs_queue.photos]
}

run "refuses_few_tries_and_prefixes_of_no_key" {
  command = plan

  variables {
    max_receive_count = 1
    key_prefix        = "/photos"
  }

  expect_failures = [var.max_receive_count, var.key_prefix]
}
