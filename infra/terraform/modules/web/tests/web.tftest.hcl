mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

mock_provider "aws" {
  alias           = "us_east_1"
  source          = "../../mocks"
  override_during = plan
}

variables {
  name_prefix = "kith-test"
}

run "the_page_alone" {
  command = plan

  assert {
    condition     = length(aws_cloudfront_distribution.this.ordered_cache_behavior) == 0 && length(aws_acm_certificate.this) == 0
    error_message = "Without an API and a domain there must be neither."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.page.restrict_public_buckets && aws_cloudfront_origin_access_control.page.signing_behavior == "always"
    error_message = "The bucket must be private, and CloudFront must sign for it."
  }

  assert {
    condition     = output.url == "https://d111111abcdef8.cloudfront.net"
    error_message = "Without a domain the album is at CloudFront's address."
  }
}

run "with_api_and_domain" {
  command = plan

  variables {
    api_domain    = "abc.execute-api.eu-west-1.amazonaws.com"
    domain        = { name = "photos.example.org", zone_id = "Z1" }
    image_sources = ["https://b.s3.eu-west-1.amazonaws.com"]
    page_folder   = "tests/page"
    page_settings = { api = "/api/v1" }
  }

  assert {
    condition     = aws_cloudfront_distribution.this.ordered_cache_behavior[0].path_pattern == "/api/*" && aws_cloudfront_distribution.this.ordered_cache_behavior[0].cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    error_message = "Answers of the API must never be cached."
  }

  assert {
    condition     = keys(aws_route53_record.album) == ["A", "AAAA"] && keys(aws_route53_record.proof) == ["photos.example.org"]
    error_message = "The name must lead here, and be proven."
  }

  assert {
    condition     = strcontains(aws_cloudfront_response_headers_policy.page.security_headers_config[0].content_security_policy[0].content_security_policy, "img-src 'self' data: blob: https://b.s3.eu-west-1.amazonaws.com;")
    error_message = "Pictures may come from the buckets that were named."
  }

  assert {
    condition     = !strcontains(aws_cloudfront_response_headers_policy.page.security_headers_config[0].content_security_policy[0].content_security_policy, "unsafe")
    error_message = "Nothing that stands in a page itself may run."
  }

  assert {
    condition     = aws_s3_object.page["index.html"].content_type == "text/html; charset=utf-8" && aws_s3_object.page["core/main.js"].content_type == "text/javascript; charset=utf-8"
    error_message = "Browsers run scripts that are said to be scripts."
  }

  assert {
    condition     = !contains(keys(aws_s3_object.page), "README.md")
    error_message = "Files that are no part of the page stay at home."
  }
}

run "refuses_addresses_where_hosts_are_meant" {
  command = plan

  variables {
    domain     = { name = "https://photos.example.org/", zone_id = "Z1" }
    api_domain = "https://abc.execute-api.eu-west-1.amazonaws.com"
  }

  expect_failures = [var.domain, var.api_domain]
}
