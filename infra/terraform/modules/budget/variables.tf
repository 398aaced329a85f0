variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "monthly_dollars" {
  description = "US dollars a month. Somebody is told at 80 %, and when the forecast is above."
  type        = number

  validation {
    condition     = var.monthly_dollars > 0
    error_message = "monthly_dollars must be above 0."
  }
}

variable "cost_tag" {
  description = "Count only what has this tag: `key`, `value`. It must be activated as a cost allocation tag. Null counts the whole account."
  type = object({
    key   = string
    value = string
  })
  default = null
}

variable "emails" {
  description = "Addresses that are told, at most 10."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "Each of emails must be an e-mail address."
  }
}

variable "topic_arns" {
  description = "Topics that are told; at most one."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.topic_arns) + length(var.emails) > 0 && length(var.topic_arns) <= 1 && length(var.emails) <= 10
    error_message = "Name at least one address in emails or one topic in topic_arns, and at most 10 and 1: a budget that tells nobody is of no use."
  }
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
