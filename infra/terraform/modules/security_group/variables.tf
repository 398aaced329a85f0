variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "vpc_id" {
  description = "Id of the network."
  type        = string

  validation {
    condition     = can(regex("^vpc-", var.vpc_id))
    error_message = "vpc_id must begin with vpc-."
  }
}

variable "prefix_list_ids" {
  description = "By service: prefix lists of the gateway endpoints, as the module `network` gives them."
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
