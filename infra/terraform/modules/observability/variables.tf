variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "functions" {
  description = "Full names of the functions."
  type        = list(string)

  validation {
    condition     = length(var.functions) > 0
    error_message = "functions must not be empty."
  }
}

variable "queues" {
  description = "Full names of the queues: `photos`, `failed`, `undelivered`."
  type = object({
    photos      = string
    failed      = string
    undelivered = string
  })
}

variable "api_id" {
  description = "Id of the HTTP API."
  type        = string
}

variable "table" {
  description = "Name of the catalog's table."
  type        = string
}

variable "alarms_topic_arn" {
  description = "Topic that is told."
  type        = string
}

variable "queue_age_seconds" {
  description = "Seconds that a photo may wait before somebody is told. A large backfill takes longer; raise it for that."
  type        = number
  default     = 3600

  validation {
    condition     = var.queue_age_seconds >= 60
    error_message = "queue_age_seconds must be at least 60."
  }
}

variable "function_errors" {
  description = "Errors of one function in 5 minutes at which somebody is told."
  type        = number
  default     = 1

  validation {
    condition     = var.function_errors >= 1
    error_message = "function_errors must be at least 1: at 0 the alarm would always ring."
  }
}

variable "api_errors" {
  description = "Answers of the API with 5xx in 5 minutes at which somebody is told."
  type        = number
  default     = 5

  validation {
    condition     = var.api_errors >= 1
    error_message = "api_errors must be at least 1: at 0 the alarm would always ring."
  }
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
