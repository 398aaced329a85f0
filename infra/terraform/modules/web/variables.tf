variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "page_folder" {
  description = "Folder with the page's files, to be put into the bucket. Null leaves that to something else, such as `aws s3 sync`."
  type        = string
  default     = null
}

variable "page_settings" {
  description = "What stands in `settings.json` beside the page. Everybody can read it."
  type        = map(string)
  default     = {}
}

variable "api_domain" {
  description = "Host of the HTTP API that answers below /api/. Null serves the page alone."
  type        = string
  default     = null

  validation {
    condition     = var.api_domain == null || try(!strcontains(var.api_domain, "/"), false)
    error_message = "api_domain must be a host without https:// and without a path."
  }
}

variable "connect_sources" {
  description = "Where the page may send requests besides its own host: the bucket for uploads, the login."
  type        = list(string)
  default     = []
}

variable "image_sources" {
  description = "Where the page may load pictures from besides its own host: the buckets."
  type        = list(string)
  default     = []
}

variable "domain" {
  description = "A name of one's own: `name`, such as photos.example.org, and `zone_id` of its zone in Route 53. Null takes CloudFront's."
  type = object({
    name    = string
    zone_id = string
  })
  default = null

  validation {
    condition     = var.domain == null || try(can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain.name)), false)
    error_message = "domain.name must be a host such as photos.example.org: lower case, without https:// and without a dot at its end."
  }
}

variable "price_class" {
  description = "From where CloudFront answers: `PriceClass_100` (Europe, North America), `PriceClass_200`, `PriceClass_All`."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class must be PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "web_acl_arn" {
  description = "ARN of a web ACL of WAF, in us-east-1. Null is none: it costs 5 $ a month at least."
  type        = string
  default     = null
}

variable "access_log_bucket_domain" {
  description = "Domain of a bucket that keeps CloudFront's access logs. Null keeps none: addresses may hold tokens of links."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
