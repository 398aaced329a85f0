# The album's page: files in a private bucket, served by CloudFront, which passes /api/ on.

locals {
  # Ids of CloudFront's managed policies; looking them up needs a right that deploying does not.
  caching_optimized      = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  caching_disabled       = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  all_viewer_except_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

  domains = toset(compact([try(var.domain.name, null)]))
  host    = var.domain == null ? aws_cloudfront_distribution.this.domain_name : var.domain.name
}

resource "aws_cloudfront_distribution" "this" {
  comment             = "${var.name_prefix}: the album"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  default_root_object = "index.html"
  price_class         = var.price_class
  aliases             = local.domains
  web_acl_id          = var.web_acl_arn
  tags                = var.tags

  origin {
    origin_id                = "page"
    domain_name              = aws_s3_bucket.page.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.page.id
  }

  dynamic "origin" {
    for_each = var.api_domain == null ? [] : [var.api_domain]

    content {
      origin_id   = "api"
      domain_name = origin.value

      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = "page"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching_optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.page.id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.addresses.arn
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.api_domain == null ? [] : [1]

    content {
      path_pattern             = "/api/*"
      target_origin_id         = "api"
      viewer_protocol_policy   = "https-only"
      allowed_methods          = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
      cached_methods           = ["GET", "HEAD"]
      compress                 = true
      cache_policy_id          = local.caching_disabled
      origin_request_policy_id = local.all_viewer_except_host
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.domain == null
    acm_certificate_arn            = one(aws_acm_certificate_validation.this[*].certificate_arn)
    ssl_support_method             = var.domain == null ? null : "sni-only"
    minimum_protocol_version       = var.domain == null ? "TLSv1" : "TLSv1.2_2021" # CloudFront's own certificate knows no other
  }

  dynamic "logging_config" {
    for_each = var.access_log_bucket_domain == null ? [] : [var.access_log_bucket_domain]

    content {
      bucket          = logging_config.value
      prefix          = "${var.name_prefix}/"
      include_cookies = false
    }
  }
}

resource "aws_cloudfront_origin_access_control" "page" {
  name                              = "${var.name_prefix}-page"
  description                       = "Lets this distribution read the page"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# The page has addresses of its own (/people/...): each is index.html. An error page instead would
# also change the API's answers.
resource "aws_cloudfront_function" "addresses" {
  name    = "${var.name_prefix}-addresses"
  comment = "Addresses that are no file are the page"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = file("${path.module}/addresses.js")
}

resource "aws_cloudfront_response_headers_policy" "page" {
  name    = "${var.name_prefix}-page"
  comment = "What browsers are told to refuse"

  security_headers_config {
    content_security_policy {
      override = true
      content_security_policy = join("; ", [
        "default-src 'self'",
        "connect-src ${join(" ", concat(["'self'"], var.connect_sources))}",
        "img-src ${join(" ", concat(["'self'", "data:", "blob:"], var.image_sources))}",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ])
    }

    content_type_options {
      override = true
    }

    frame_options {
      override     = true
      frame_option = "DENY"
    }

    referrer_policy {
      override        = true
      referrer_policy = "no-referrer" # addresses may hold the token of a link
    }

    strict_transport_security {
      override                   = true
      access_control_max_age_sec = 63072000
      include_subdomains         = true
    }
  }

  custom_headers_config {
    items {
      header   = "Cross-Origin-Opener-Policy"
      value    = "same-origin"
      override = true
    }

    items {
      header   = "Permissions-Policy"
      value    = "camera=(self), geolocation=(), microphone=()"
      override = true
    }
  }
}
