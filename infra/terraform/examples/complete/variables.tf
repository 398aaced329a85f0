variable "region" {
  description = "Region that everything is in, such as eu-west-1. It must have Amazon Rekognition."
  type        = string
}

variable "name_prefix" {
  description = "Begins the name of everything that is made."
  type        = string
  default     = "kith"
}

variable "package_file" {
  description = "The zip with the functions' code."
  type        = string
}

variable "page_folder" {
  description = "Folder with the album's page."
  type        = string
  default     = null
}

variable "architecture" {
  description = "What the zip is built for: `arm64` or `x86_64`."
  type        = string
  default     = "arm64"
}

variable "extra_environment" {
  description = "More environment variables for all functions."
  type        = map(string)
  default     = {}
}

variable "collection_id" {
  description = "A Rekognition collection that is there already. Null makes one."
  type        = string
  default     = null
}

variable "domain" {
  description = "A name of one's own: `name` and `zone_id`. Null takes CloudFront's."
  type = object({
    name    = string
    zone_id = string
  })
  default = null
}

variable "ingest_enabled" {
  description = "Whether photos are taken from the queue."
  type        = bool
  default     = true
}

variable "extra_auth_flows" {
  description = "More ways to get a token, for tests."
  type        = list(string)
  default     = []
}

variable "notice_emails" {
  description = "Addresses that are told who appears."
  type        = list(string)
  default     = []
}

variable "alarm_emails" {
  description = "Addresses that are told what is wrong."
  type        = list(string)
  default     = []
}

variable "vpc" {
  description = "The functions' network; null is none."
  type = object({
    cidr                = optional(string)
    zone_count          = optional(number)
    interface_endpoints = optional(list(string))
  })
  default = {}
}

variable "access_log_bucket" {
  description = "Bucket that keeps S3's access logs; null keeps none."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether catalog and accounts are protected."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Whether destroying may delete photos."
  type        = bool
  default     = false
}
