mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix = "kith-test"
}

run "who_appears_is_kept_encrypted" {
  command = plan

  variables {
    notice_emails = ["a@example.org", "b@example.org"]
    alarm_emails  = ["c@example.org"]
  }

  assert {
    condition     = aws_sns_topic.notices.kms_master_key_id == "alias/aws/sns"
    error_message = "Names of people must be encrypted."
  }

  assert {
    condition     = keys(aws_sns_topic_subscription.notices) == ["a@example.org", "b@example.org"] && keys(aws_sns_topic_subscription.alarms) == ["c@example.org"]
    error_message = "Each must be told what he asked for."
  }
}

run "only_aws_itself_may_raise_alarms" {
  command = plan

  assert {
    condition     = [for topic in ["alarms", "notices"] : length(data.aws_iam_policy_document.topic[topic].statement)] == [2, 1]
    error_message = "No service may publish who appears."
  }
}

run "refuses_what_is_no_address" {
  command = plan

  variables {
    notice_emails = ["somebody"]
  }

  expect_failures = [var.notice_emails]
}
