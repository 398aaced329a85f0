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

variable "email" {
  description = "Address that is told when something is wrong, or costs too much."
  type        = string
}
