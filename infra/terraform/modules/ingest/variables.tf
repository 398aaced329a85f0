variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "function" {
  description = "What all functions have in common: `package`, `architecture`, `permissions_boundary`, `vpc`, `log_level`, `log_retention_days`, `tracing`; see the module `function`."
  type = object({
    package = object({
      filename  = optional(string)
      image_uri = optional(string)
    })
    architecture         = optional(string, "arm64")
    permissions_boundary = optional(string)
    vpc = optional(object({
      subnet_ids         = list(string)
      security_group_ids = list(string)
    }))
    log_level          = optional(string, "INFO")
    log_retention_days = optional(number, 30)
    tracing            = optional(bool, true)
  })
}

variable "environment" {
  description = "Environment variables of the function."
  type        = map(string)
  default     = {}
}

variable "memory_mb" {
  description = "Memory in MB. A photo of 50 megapixels needs about 1 GB."
  type        = number
  default     = 1536
}

variable "timeout_seconds" {
  description = "Seconds for a batch of photos."
  type        = number
  default     = 120
}

variable "scratch_mb" {
  description = "Size of the folder /tmp in MB."
  type        = number
  default     = 1024
}

variable "reserved_concurrency" {
  description = "Calls that are reserved for the function. Null reserves none, and is right unless others in the account crowd it out."
  type        = number
  default     = null
}

variable "queue" {
  description = "The queue of photos: `arn`, `visibility_timeout_seconds`."
  type = object({
    arn                        = string
    visibility_timeout_seconds = number
  })
}

variable "enabled" {
  description = "Whether photos are taken from the queue. False lets them wait, up to 14 days."
  type        = bool
  default     = true
}

variable "batch_size" {
  description = "Photos in a call, at most."
  type        = number
  default     = 5

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= 10000
    error_message = "batch_size must be 1 to 10000."
  }
}

variable "batch_window_seconds" {
  description = "Seconds to wait for a batch to fill."
  type        = number
  default     = 0

  validation {
    condition     = var.batch_window_seconds >= 0 && var.batch_window_seconds <= 300
    error_message = "batch_window_seconds must be 0 to 300."
  }
}

variable "maximum_concurrency" {
  description = "Calls at once, at most. Their number times the Rekognition calls that each makes a second must stay below the account's quota."
  type        = number
  default     = 5

  validation {
    condition     = var.maximum_concurrency >= 2 && var.maximum_concurrency <= 1000
    error_message = "maximum_concurrency must be 2 to 1000: SQS mappings know no less than 2."
  }
}

variable "originals_arn" {
  description = "ARN of the bucket of photos as they came."
  type        = string
}

variable "derived_arn" {
  description = "ARN of the bucket of what is made of them. Another one than the first, or every photo would start the next round."
  type        = string

  validation {
    condition     = var.derived_arn != var.originals_arn
    error_message = "derived_arn must be another bucket than originals_arn: a crop that is written among the originals is a new photo, and so on without end."
  }
}

variable "catalog_arn" {
  description = "ARN of the catalog's table."
  type        = string
}

variable "collection_arn" {
  description = "ARN of the Rekognition collection, in the region of the functions. Null gives no right to Rekognition: for the engine `local`."
  type        = string
  default     = null
}

variable "database_secret_arn" {
  description = "ARN of the secret with the database's address, for the engine `local`. Null is none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
