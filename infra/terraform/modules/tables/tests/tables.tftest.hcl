mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix = "kith-test"
}

run "the_catalog_is_kept_well" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.catalog.deletion_protection_enabled && aws_dynamodb_table.catalog.point_in_time_recovery[0].enabled
    error_message = "The catalog holds what people said: it must be protected, and restorable."
  }

  assert {
    condition     = aws_dynamodb_table.catalog.billing_mode == "PAY_PER_REQUEST"
    error_message = "A table that nobody uses must cost nothing."
  }
}

run "indexes_that_the_code_reads" {
  command = plan

  assert {
    condition     = { for index in aws_dynamodb_table.catalog.local_secondary_index : index.name => index.range_key } == { by_similarity = "by_similarity", by_time = "by_time" }
    error_message = "The code reads photos of a person by similarity and by time, and reads what was just written."
  }
}

run "keys_and_indexes_by_input" {
  command = plan

  variables {
    catalog = {
      hash_key   = "pk"
      range_key  = "sk"
      attributes = { pk = "S", sk = "S", person = "S", at = "N" }
      indexes    = { by_person = { hash_key = "person", range_key = "at", projection = "KEYS_ONLY" } }
    }
  }

  assert {
    condition     = one(aws_dynamodb_table.catalog.global_secondary_index).projection_type == "KEYS_ONLY"
    error_message = "The index must be as it was asked for."
  }

  assert {
    condition     = length(aws_dynamodb_table.catalog.ttl) == 0
    error_message = "Without ttl_attribute nothing may expire."
  }
}

run "refuses_attributes_that_are_no_key" {
  command = plan

  variables {
    catalog = {
      hash_key   = "pk"
      attributes = { pk = "S", taken_at = "S" }
    }
  }

  expect_failures = [var.catalog]
}
