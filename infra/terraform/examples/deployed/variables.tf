variable "region" {
  description = "Region that everything is in, such as eu-west-1. It must have Amazon Rekognition."
  type        = string
}

variable "name_prefix" {
  description = "Begins the name of everything that is made."
  type        = string
  default     = "kith"
}

variable "key_prefix" {
  description = "Beginning of the keys that are photos. Empty takes every object of the bucket of originals."
  type        = string
  default     = ""
}

variable "package_file" {
  description = "The zip with the functions' code."
  type        = string
  default     = "functions.zip"
}

variable "architecture" {
  description = "What the zip is built for: `arm64` or `x86_64`."
  type        = string
  default     = "arm64"
}

variable "page_folder" {
  description = "Folder with the album's page."
  type        = string
  default     = "page"
}

variable "emails" {
  description = "Addresses that are told when something is wrong, or costs too much."
  type        = list(string)
  default     = []
}

variable "budget" {
  description = "Dollars a month at which they are told. Null is none."
  type        = number
  default     = null
}

variable "findings" {
  description = "Whether photos are looked at for what they show and what is written in them, too."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the catalog and the accounts."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Whether destroying may delete buckets that still hold photos."
  type        = bool
  default     = false
}
