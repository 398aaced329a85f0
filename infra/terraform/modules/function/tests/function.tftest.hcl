mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix = "kith-test"
  name        = "ingest"
  description = "Looks at photos"
  handler     = "kith.lambdas.ingest.handler"
  package     = { filename = "main.tf" } # any file that is there
  policy_json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  environment = { KITH_TABLE = "kith-test-catalog" }
}

run "a_zip" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.package_type == "Zip" && aws_lambda_function.this.handler == "kith.lambdas.ingest.handler"
    error_message = "A zip must be called at its handler."
  }

  assert {
    condition     = aws_lambda_function.this.source_code_hash == filebase64sha256("main.tf")
    error_message = "Another zip must be another version."
  }

  assert {
    condition     = aws_lambda_function.this.architectures == tolist(["arm64"]) && aws_lambda_function.this.runtime == "python3.13"
    error_message = "The cheaper processor must be the default."
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables.KITH_TABLE == "kith-test-catalog" && aws_lambda_function.this.environment[0].variables.POWERTOOLS_SERVICE_NAME == "ingest"
    error_message = "The function must be told what it uses, and what it is."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 30 && aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/kith-test-ingest"
    error_message = "Its log must end at some time."
  }

  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0
    error_message = "Without vpc it must run outside of any network."
  }
}

run "an_image" {
  command = plan

  variables {
    package = { image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/kith:1" }
  }

  assert {
    condition     = aws_lambda_function.this.package_type == "Image" && one(aws_lambda_function.this.image_config).command == tolist(["kith.lambdas.ingest.handler"])
    error_message = "One image must serve every function, by its handler."
  }

  assert {
    condition     = aws_lambda_function.this.runtime == null && aws_lambda_function.this.handler == null
    error_message = "AWS refuses a runtime and a handler beside an image."
  }
}

run "in_a_network" {
  command = plan

  variables {
    vpc = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition     = length(data.aws_iam_policy_document.basics.statement) == 4 && data.aws_iam_policy_document.basics.statement[3].effect == "Deny"
    error_message = "The function's own code must not touch network interfaces."
  }
}

run "refuses_a_runtime_that_is_too_old" {
  command = plan

  variables {
    runtime = "python3.11"
  }

  expect_failures = [aws_lambda_function.this]
}

run "refuses_two_packages_and_unknown_days" {
  command = plan

  variables {
    package            = { filename = "main.tf", image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/kith:1" }
    log_retention_days = 31
  }

  expect_failures = [var.package, var.log_retention_days]
}
