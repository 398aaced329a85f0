mock_provider "aws" {
  source          = "./mocks"
  override_during = plan
}

mock_provider "aws" {
  alias           = "us_east_1"
  source          = "./mocks"
  override_during = plan
}

# Two buckets: the mocked provider gives all of them one name.
override_module {
  target = module.storage
  outputs = {
    originals = { id = "originals", arn = "arn:aws:s3:::originals", domain = "originals.s3.eu-west-1.amazonaws.com" }
    derived   = { id = "derived", arn = "arn:aws:s3:::derived", domain = "derived.s3.eu-west-1.amazonaws.com" }
  }
}

variables {
  name_prefix = "kith-test"
  package     = { filename = "main.tf" } # any file that is there
}

run "the_defaults" {
  command = plan

  assert {
    condition     = aws_rekognition_collection.this[0].collection_id == "kith-test" && output.collection_id == "kith-test"
    error_message = "Without collection_id there must be a collection of our own."
  }

  assert {
    condition     = length(module.network) == 0 && length(module.budget) == 0 && output.login.identity_pool_id == null
    error_message = "What costs, and what lets others in, must be asked for."
  }

  assert {
    condition     = toset(keys(output.functions)) == toset(["api", "backfill", "ingest", "notices", "regroup"])
    error_message = "There are five functions."
  }

  assert {
    condition     = local.environment.ingest.KITH_ENGINE == "rekognition" && local.environment.ingest.KITH_COLLECTION == "kith-test" && !contains(keys(local.environment.ingest), "KITH_QUEUE_URL")
    error_message = "Each function must be told what it uses."
  }
}

run "a_collection_that_is_there_already" {
  command = plan

  variables {
    collection_id = "family"
    guests        = "link"
    vpc           = {}
  }

  assert {
    condition     = length(aws_rekognition_collection.this) == 0 && local.environment.api.KITH_COLLECTION == "family"
    error_message = "A collection that was named must be used, and be nobody's to destroy."
  }

  assert {
    condition     = local.collection_arn == "arn:aws:rekognition:eu-west-1:123456789012:collection/family"
    error_message = "Roles must be given the collection of this region."
  }

  assert {
    condition     = length(module.network) == 1 && output.login.identity_pool_id == null
    error_message = "Guests with links need no keys."
  }
}

run "the_engine_in_an_image" {
  command = plan

  variables {
    engine              = "local"
    package             = { image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/kith:1" }
    database_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:kith"
  }

  assert {
    condition     = output.collection_id == null && length(aws_rekognition_collection.this) == 0 && !contains(keys(local.environment.ingest), "KITH_COLLECTION")
    error_message = "Who does not use Rekognition must not pay for it."
  }

  assert {
    condition     = local.environment.ingest.KITH_DATABASE_SECRET == "arn:aws:secretsmanager:eu-west-1:123456789012:secret:kith"
    error_message = "Functions must be told where faces are kept."
  }
}

run "refuses_a_database_out_of_reach" {
  command = plan

  variables {
    engine              = "local"
    package             = { image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/kith:1" }
    database_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:kith"
    vpc                 = {}
  }

  expect_failures = [var.engine]
}

run "refuses_models_in_a_zip" {
  command = plan

  variables {
    engine = "local"
  }

  expect_failures = [var.engine]
}
