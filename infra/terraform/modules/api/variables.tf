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
  description = "Memory in MB."
  type        = number
  default     = 1024
}

variable "timeout_seconds" {
  description = "Seconds for an answer. HTTP APIs wait no longer than 30."
  type        = number
  default     = 29

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 30
    error_message = "timeout_seconds must be 1 to 30: HTTP APIs wait no longer."
  }
}

variable "jwt" {
  description = "Whose tokens are taken: `issuer`, an address, and `audience`, ids of clients."
  type = object({
    issuer   = string
    audience = list(string)
  })

  validation {
    condition     = length(var.jwt.audience) > 0
    error_message = "jwt.audience must not be empty: tokens made for any other application of the issuer would be taken."
  }
}

variable "public_routes" {
  description = "Routes that need no token, such as `GET /api/v1/health`."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for route in var.public_routes : can(regex("^(GET|HEAD|POST) /api/[^*]+$", route)) && !strcontains(route, "/api/{")])
    error_message = "Each of public_routes must be GET, HEAD or POST and a path below /api/ that is not all of the API, such as \"GET /api/v1/health\"."
  }
}

variable "guests" {
  description = "How guests reach `guest_routes`: `none`, they do not; `identity`, with keys of the guest identity; `link`, whoever knows the secret address."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "identity", "link"], var.guests)
    error_message = "guests must be none, identity or link."
  }
}

variable "guest_routes" {
  description = "Routes of shared albums."
  type        = list(string)
  default     = ["GET /api/v1/shared/{proxy+}", "POST /api/v1/shared/{proxy+}"]

  validation {
    condition     = alltrue([for route in var.guest_routes : can(regex("^(GET|HEAD|POST) /api/v[0-9]+/shared/", route))])
    error_message = "Each of guest_routes must be GET, HEAD or POST and a path below /api/v1/shared/: guests see nothing else."
  }
}

variable "cors_origins" {
  description = "Origins of pages on other hosts that may use the API. The album's own page needs none: CloudFront passes /api/ on."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https?://[^/*]+$", origin))])
    error_message = "Each of cors_origins must be a scheme and a host without a path or a star, such as https://photos.example.org."
  }
}

variable "requests_per_second" {
  description = "Requests a second that are answered, in the long run; more get 429."
  type        = number
  default     = 50

  validation {
    condition     = var.requests_per_second > 0
    error_message = "requests_per_second must be above 0."
  }
}

variable "requests_at_once" {
  description = "Requests that may come in one burst."
  type        = number
  default     = 100

  validation {
    condition     = var.requests_at_once > 0
    error_message = "requests_at_once must be above 0."
  }
}

variable "originals_arn" {
  description = "ARN of the bucket of photos as they came."
  type        = string
}

variable "upload_folder" {
  description = "Folder of that bucket for photos that are uploaded to the album, without slashes around it."
  type        = string
  default     = "uploads"

  validation {
    condition     = can(regex("^[^*?/][^*?]*$", var.upload_folder)) && !endswith(var.upload_folder, "/")
    error_message = "upload_folder must be a folder without a star, a question mark, or slashes around it."
  }
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
