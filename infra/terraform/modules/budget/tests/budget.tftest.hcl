mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix     = "kith-test"
  monthly_dollars = 10
}

run "tells_before_it_is_spent" {
  command = plan

  variables {
    emails   = ["a@example.org"]
    cost_tag = { key = "project", value = "kith" }
  }

  assert {
    condition     = toset([for notification in aws_budgets_budget.monthly.notification : "${notification.notification_type} ${notification.threshold}"]) == toset(["ACTUAL 80", "FORECASTED 100"])
    error_message = "Somebody must be told at 80 %, and when more is to be expected."
  }

  assert {
    condition     = one(aws_budgets_budget.monthly.cost_filter).values == tolist(["user:project$kith"])
    error_message = "Only what has the tag must be counted."
  }
}

run "refuses_to_tell_nobody" {
  command = plan

  expect_failures = [var.topic_arns]
}

run "refuses_a_budget_of_nothing" {
  command = plan

  variables {
    monthly_dollars = 0
    emails          = ["a@example.org"]
  }

  expect_failures = [var.monthly_dollars]
}
