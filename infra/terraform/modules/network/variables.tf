variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "cidr" {
  description = "Addresses of the network; each subnet takes a 256th."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrnetmask(var.cidr)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr must be an IPv4 network of /16 to /20, such as 10.20.0.0/16: AWS knows no larger, and subnets would have no room in a smaller."
  }
}

variable "zone_count" {
  description = "Availability zones with a subnet each."
  type        = number
  default     = 2

  validation {
    condition     = var.zone_count >= 1 && var.zone_count <= 4
    error_message = "zone_count must be 1 to 4."
  }
}

variable "interface_endpoints" {
  description = "Services that the functions reach besides S3 and DynamoDB."
  type        = list(string)
  default     = ["logs", "rekognition", "sns", "sqs"]

  validation {
    condition     = length(setintersection(var.interface_endpoints, ["s3", "dynamodb"])) == 0
    error_message = "interface_endpoints must not name s3 or dynamodb: these have endpoints that cost nothing."
  }
}

variable "endpoint_security_group_id" {
  description = "Security group of the interface endpoints; the module `security_group` makes one."
  type        = string
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
