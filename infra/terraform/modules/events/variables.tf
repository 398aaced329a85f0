variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "bucket" {
  description = "Name of the bucket whose new objects are photos."
  type        = string
}

variable "key_prefix" {
  description = "Beginning of the keys that are photos. Empty takes every object."
  type        = string
  default     = ""

  validation {
    condition     = !startswith(var.key_prefix, "/")
    error_message = "key_prefix must not begin with a slash: keys do not."
  }
}

variable "function_timeout_seconds" {
  description = "Timeout of the function that reads the queue."
  type        = number

  validation {
    condition     = var.function_timeout_seconds >= 1 && var.function_timeout_seconds <= 900
    error_message = "function_timeout_seconds must be 1 to 900, which is the longest that Lambda runs."
  }
}

variable "visibility_timeout_seconds" {
  description = "Seconds for which a message that is being worked on is hidden from others. Null is 6 times the function's timeout, which is also the least."
  type        = number
  default     = null
}

variable "max_receive_count" {
  description = "How often a photo is tried before it goes to the dead-letter queue."
  type        = number
  default     = 5

  validation {
    condition     = var.max_receive_count >= 5 && var.max_receive_count <= 1000
    error_message = "max_receive_count must be 5 to 1000: with fewer tries, photos fail because the function was throttled."
  }
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
