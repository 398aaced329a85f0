variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "domain_prefix" {
  description = "First part of the login page's host. Null takes `name_prefix` and the account's number."
  type        = string
  default     = null

  validation {
    condition     = var.domain_prefix == null || try(can(regex("^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$", var.domain_prefix)) && !can(regex("aws|amazon|cognito", var.domain_prefix)), false)
    error_message = "domain_prefix must be lower-case letters, digits and hyphens, and must not contain aws, amazon or cognito: Cognito refuses these."
  }
}

variable "callback_urls" {
  description = "Addresses that the login page may lead back to."
  type        = list(string)

  validation {
    condition     = length(var.callback_urls) > 0 && alltrue([for url in var.callback_urls : can(regex("^(https://|http://localhost[:/])", url))])
    error_message = "callback_urls must not be empty, and each must begin with https:// (or http://localhost, for trying)."
  }
}

variable "logout_urls" {
  description = "Addresses that logging out may lead to."
  type        = list(string)
  default     = []
}

variable "extra_auth_flows" {
  description = "More ways to get a token, such as `ALLOW_ADMIN_USER_PASSWORD_AUTH` for tests. The login page needs none."
  type        = list(string)
  default     = []

  validation {
    condition     = !contains(var.extra_auth_flows, "ALLOW_USER_PASSWORD_AUTH")
    error_message = "extra_auth_flows must not hold ALLOW_USER_PASSWORD_AUTH: it sends passwords to the page."
  }
}

variable "mfa" {
  description = "Second factor, an app that shows codes: `OFF`, `OPTIONAL` or `ON`."
  type        = string
  default     = "OPTIONAL"

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "mfa must be OFF, OPTIONAL or ON."
  }
}

variable "deletion_protection" {
  description = "Whether Cognito refuses to delete the accounts. To destroy them, set this to false and apply first."
  type        = bool
  default     = true
}

variable "guest_arns" {
  description = "Routes of the API that guests may call. Empty makes no guest identity."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.guest_arns : can(regex("/(GET|HEAD|POST)/api/v[0-9]+/shared/", arn))])
    error_message = "guest_arns must be routes below /api/v1/shared/: guests see shared albums, and nothing else."
  }
}

variable "permissions_boundary" {
  description = "ARN of a policy that the guests' role can never exceed. Null is none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
