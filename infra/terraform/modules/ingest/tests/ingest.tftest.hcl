mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix    = "kith-test"
  function       = { package = { filename = "main.tf" } }
  queue          = { arn = "arn:aws:sqs:eu-west-1:123456789012:kith-test-photos", visibility_timeout_seconds = 720 }
  originals_arn  = "arn:aws:s3:::kith-test-originals"
  derived_arn    = "arn:aws:s3:::kith-test-derived"
  catalog_arn    = "arn:aws:dynamodb:eu-west-1:123456789012:table/kith-test-catalog"
  collection_arn = "arn:aws:rekognition:eu-west-1:123456789012:collection/kith-test"
}

run "one_bad_photo_fails_alone" {
  command = plan

  assert {
    condition     = aws_lambda_event_source_mapping.queue.function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "The function must be able to say which photos failed."
  }

  assert {
    condition     = one(aws_lambda_event_source_mapping.queue.scaling_config).maximum_concurrency == 5
    error_message = "Rekognition's quota must be kept by the mapping, not by throttling the function."
  }
}

run "no_amazon_rekognition_with_the_local_engine" {
  command = plan

  variables {
    collection_arn = null
  }

  assert {
    condition     = !anytrue([for statement in data.aws_iam_policy_document.ingest.statement : strcontains(join(" ", statement.actions), "rekognition:")])
    error_message = "Who does not use Rekognition must not be able to."
  }
}

run "refuses_a_queue_that_gives_up_early" {
  command = plan

  variables {
    queue = { arn = "arn:aws:sqs:eu-west-1:123456789012:kith-test-photos", visibility_timeout_seconds = 719 }
  }

  expect_failures = [aws_lambda_event_source_mapping.queue]
}

run "refuses_large_batches_at_once" {
  command = plan

  variables {
    batch_size = 11
  }

  expect_failures = [aws_lambda_event_source_mapping.queue]
}

run "takes_large_batches_with_a_window" {
  command = plan

  variables {
    batch_size           = 11
    batch_window_seconds = 1
  }
}

run "refuses_a_reserve_that_throttles_the_mapping" {
  command = plan

  variables {
    reserved_concurrency = 4
  }

  expect_failures = [aws_lambda_event_source_mapping.queue]
}

run "refuses_one_call_and_loops" {
  command = plan

  variables {
    maximum_concurrency = 1
    derived_arn         = "arn:aws:s3:::kith-test-originals"
  }

  expect_failures = [var.maximum_concurrency, var.derived_arn]
}
