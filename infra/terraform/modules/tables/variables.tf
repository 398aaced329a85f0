variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "catalog" {
  description = "Keys, indexes and time to live of the catalog's table, as the code expects them (kith.adapters.catalog.dynamo.schema). `local_indexes` names the sort key of each."
  type = object({
    hash_key   = string
    range_key  = optional(string)
    attributes = map(string)
    indexes = optional(map(object({
      hash_key           = string
      range_key          = optional(string)
      projection         = optional(string, "ALL")
      non_key_attributes = optional(list(string))
    })), {})
    local_indexes = optional(map(string), {})
    ttl_attribute = optional(string)
  })
  default = {
    hash_key      = "pk"
    range_key     = "sk"
    attributes    = { pk = "S", sk = "S", by_similarity = "S", by_time = "S" }
    local_indexes = { by_similarity = "by_similarity", by_time = "by_time" }
    ttl_attribute = "expires"
  }

  validation {
    condition = toset(keys(var.catalog.attributes)) == toset(compact(concat(
      [var.catalog.hash_key, var.catalog.range_key],
      flatten([for index in var.catalog.indexes : [index.hash_key, index.range_key]]),
      values(var.catalog.local_indexes),
    )))
    error_message = "catalog.attributes must name exactly the keys of the table and of its indexes: DynamoDB refuses others."
  }

  validation {
    condition     = alltrue([for type in values(var.catalog.attributes) : contains(["S", "N", "B"], type)])
    error_message = "Each of catalog.attributes must be S (string), N (number) or B (bytes)."
  }
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the catalog. To destroy it, set this to false and apply first."
  type        = bool
  default     = true
}

variable "point_in_time_recovery" {
  description = "Whether the catalog can be restored to any second of the last 35 days."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
