variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "name" {
  description = "What the function does, in one word; its full name begins with `name_prefix`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z-]{1,28}$", var.name))
    error_message = "name must be 2 to 29 lower-case letters and hyphens."
  }
}

variable "description" {
  description = "One line for people."
  type        = string
}

variable "package" {
  description = "The code: `filename`, a zip on this machine, or `image_uri`, a container image in ECR."
  type = object({
    filename  = optional(string)
    image_uri = optional(string)
  })

  validation {
    condition     = (var.package.filename == null) != (var.package.image_uri == null)
    error_message = "package must have exactly one of filename and image_uri."
  }
}

variable "handler" {
  description = "The Python function that is called, such as `kith.lambdas.ingest.handler`."
  type        = string
}

variable "runtime" {
  description = "Lambda's runtime for a zip."
  type        = string
  default     = "python3.13"
}

variable "architecture" {
  description = "Processor: `arm64`, which costs a fifth less, or `x86_64`. The package must be built for it."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "memory_mb" {
  description = "Memory in MB; processor time grows with it."
  type        = number
  default     = 512

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240
    error_message = "memory_mb must be 128 to 10240."
  }
}

variable "timeout_seconds" {
  description = "Seconds after which a call is ended."
  type        = number
  default     = 30

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900
    error_message = "timeout_seconds must be 1 to 900, which is the longest that Lambda runs."
  }
}

variable "scratch_mb" {
  description = "Size of the folder /tmp in MB."
  type        = number
  default     = 512

  validation {
    condition     = var.scratch_mb >= 512 && var.scratch_mb <= 10240
    error_message = "scratch_mb must be 512 to 10240."
  }
}

variable "reserved_concurrency" {
  description = "Calls that run at once at most, taken from the account's. Null reserves none."
  type        = number
  default     = null
}

variable "environment" {
  description = "Environment variables."
  type        = map(string)
  default     = {}
}

variable "policy_json" {
  description = "What the function may do, besides writing its log: the `json` of an `aws_iam_policy_document`."
  type        = string
}

variable "permissions_boundary" {
  description = "ARN of a policy that the role can never exceed. Null is none."
  type        = string
  default     = null
}

variable "vpc" {
  description = "Subnets and security groups to run in. Null runs outside of any VPC."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "log_level" {
  description = "Least important lines that are kept: DEBUG, INFO, WARN or ERROR."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level must be DEBUG, INFO, WARN or ERROR."
  }
}

variable "log_retention_days" {
  description = "Days after which log lines are deleted."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or more years."
  }
}

variable "tracing" {
  description = "Whether X-Ray follows calls."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
