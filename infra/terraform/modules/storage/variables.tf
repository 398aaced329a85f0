variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may delete buckets that still hold photos."
  type        = bool
  default     = false
}

variable "cors_origins" {
  description = "Origins of the pages that may read and upload by presigned URLs, such as `https://photos.example.org`."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https?://[^/*]+$", origin))])
    error_message = "Each of cors_origins must be a scheme and a host without a path or a star, such as https://photos.example.org."
  }
}

variable "noncurrent_days" {
  description = "Days for which an original that was replaced or deleted can be brought back."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "noncurrent_days must be at least 1."
  }
}

variable "archive_days" {
  description = "Days after which originals move to Glacier Instant Retrieval: a sixth of the storage price, but reading costs. Null leaves them."
  type        = number
  default     = null

  validation {
    condition     = var.archive_days == null || try(var.archive_days >= 1, false)
    error_message = "archive_days must be at least 1, or null."
  }
}

variable "incomplete_upload_days" {
  description = "Days after which the parts of an upload that was never finished are deleted."
  type        = number
  default     = 7

  validation {
    condition     = var.incomplete_upload_days >= 1
    error_message = "incomplete_upload_days must be at least 1."
  }
}

variable "presigned_max_age_seconds" {
  description = "Seconds after which a presigned URL is refused, however long its signer meant it to be good."
  type        = number
  default     = 3600

  validation {
    condition     = var.presigned_max_age_seconds >= 3600 && var.presigned_max_age_seconds <= 604800
    error_message = "presigned_max_age_seconds must be 3600 to 604800: the album's own are good for up to an hour, and S3 itself ends at 7 days."
  }
}

variable "access_log_bucket" {
  description = "Bucket that keeps S3's access logs. Null keeps none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
