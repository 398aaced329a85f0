mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix = "kith-test"
}

run "nothing_is_public" {
  command = plan

  assert {
    condition = alltrue([
      for block in aws_s3_bucket_public_access_block.this :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ]) && length(aws_s3_bucket_public_access_block.this) == 2
    error_message = "Both buckets must refuse every way of becoming public."
  }

  assert {
    condition     = length(aws_s3_bucket_server_side_encryption_configuration.this) == 2 && length(aws_s3_bucket_policy.this) == 2
    error_message = "Both buckets must be encrypted, and have a policy."
  }
}

run "originals_can_be_brought_back" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.this["originals"].versioning_configuration[0].status == "Enabled"
    error_message = "The originals must be versioned."
  }

  assert {
    condition     = !aws_s3_bucket.this["originals"].force_destroy
    error_message = "Destroying must not delete photos unless it is asked for."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this["originals"].rule) == 1
    error_message = "Originals must stay where they are unless archive_days says otherwise."
  }
}

run "no_page_elsewhere_by_default" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket_cors_configuration.this) == 0
    error_message = "Without cors_origins, no page of another host may read the buckets."
  }
}

run "pages_that_were_named" {
  command = plan

  variables {
    cors_origins = ["https://photos.example.org"]
    archive_days = 90
  }

  assert {
    condition     = !contains(flatten([for rule in aws_s3_bucket_cors_configuration.this["derived"].cors_rule : rule.allowed_methods]), "PUT")
    error_message = "Pages upload originals, and never what is derived from them."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this["originals"].rule) == 2 && length(aws_s3_bucket_lifecycle_configuration.this["derived"].rule) == 1
    error_message = "archive_days moves originals alone: thumbnails are looked at all the time."
  }
}

run "refuses_stars_names_and_urls_for_ever" {
  command = plan

  variables {
    cors_origins              = ["*"]
    name_prefix               = "Kith_Test"
    presigned_max_age_seconds = 604801
  }

  expect_failures = [var.cors_origins, var.name_prefix, var.presigned_max_age_seconds]
}
