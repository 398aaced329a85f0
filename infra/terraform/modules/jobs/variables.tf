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
  description = "Environment variables of each function."
  type = object({
    regroup  = optional(map(string), {})
    notices  = optional(map(string), {})
    backfill = optional(map(string), {})
  })
  default = {}
}

variable "sizes" {
  description = "Memory and timeout of each function."
  type = object({
    regroup  = optional(object({ memory_mb = optional(number, 1024), timeout_seconds = optional(number, 900) }), {})
    notices  = optional(object({ memory_mb = optional(number, 512), timeout_seconds = optional(number, 120) }), {})
    backfill = optional(object({ memory_mb = optional(number, 512), timeout_seconds = optional(number, 900) }), {})
  })
  default = {}
}

variable "schedules" {
  description = "When `notices` and `regroup` run: a `rate(...)` or `cron(...)` for each that is to run by itself. Regrouping searches for every face anew, a tenth of a cent each: seldom, or by hand."
  type        = map(string)
  default     = { notices = "rate(5 minutes)" }

  validation {
    condition     = length(setsubtract(keys(var.schedules), ["regroup", "notices"])) == 0 && length(var.schedules) > 0
    error_message = "schedules may name regroup and notices, and must name one of them; `enabled = false` stops both."
  }

  validation {
    condition     = alltrue([for expression in values(var.schedules) : can(regex("^(rate|cron)\\(.+\\)$", expression))])
    error_message = "Each of schedules must be rate(...) or cron(...), such as rate(5 minutes) or cron(0 7 * * ? *)."
  }
}

variable "timezone" {
  description = "Time zone of cron(...) expressions."
  type        = string
  default     = "UTC"
}

variable "enabled" {
  description = "Whether the schedules run."
  type        = bool
  default     = true
}

variable "one_at_a_time" {
  description = "Whether each function is reserved one call at a time. New accounts have so few calls in all (10) that AWS refuses to reserve any."
  type        = bool
  default     = false
}

variable "queue_arn" {
  description = "ARN of the queue of photos."
  type        = string
}

variable "notices_topic_arn" {
  description = "ARN of the topic that tells who appears."
  type        = string
}

variable "originals_arn" {
  description = "ARN of the bucket of photos as they came."
  type        = string
}

variable "derived_arn" {
  description = "ARN of the bucket of what is made of them: backfill keeps its progress below state/ there, regroup brings findings/ up to date."
  type        = string
}

variable "inventory_arn" {
  description = "ARN of the bucket with S3 Inventory of the originals, for millions of photos. Null: backfill lists the bucket."
  type        = string
  default     = null
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
