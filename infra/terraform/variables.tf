variable "name_prefix" {
  description = "Begins the name of everything that is made: 3 to 20 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 3 to 20 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen: bucket names need that."
  }
}

variable "package" {
  description = "The functions' code: `filename`, a zip on this machine, or `image_uri`, a container image in ECR."
  type = object({
    filename  = optional(string)
    image_uri = optional(string)
  })

  validation {
    condition     = (var.package.filename == null) != (var.package.image_uri == null)
    error_message = "package must have exactly one of filename and image_uri."
  }
}

variable "architecture" {
  description = "Processor of the functions: `arm64`, which costs a fifth less, or `x86_64`. The package must be built for it."
  type        = string
  default     = "arm64"
}

variable "engine" {
  description = "Who finds and compares faces: `rekognition`, Amazon's, or `local`, Kith's own in a container image, with a PostgreSQL database."
  type        = string
  default     = "rekognition"

  validation {
    condition     = contains(["rekognition", "local"], var.engine)
    error_message = "engine must be rekognition or local."
  }

  validation {
    condition     = var.engine == "rekognition" || (var.package.image_uri != null && var.database_secret_arn != null)
    error_message = "The engine local needs package.image_uri, because its models do not fit into a zip, and database_secret_arn, because faces must be kept somewhere."
  }

  validation {
    condition     = var.engine == "rekognition" || var.vpc == null
    error_message = "The engine local cannot be used with vpc: that network has no way to a database."
  }
}

variable "collection_id" {
  description = "A Rekognition collection in this region that is there already, and stays when the rest is destroyed. Null makes one."
  type        = string
  default     = null

  validation {
    condition     = var.collection_id == null || try(can(regex("^[a-zA-Z0-9_.-]{1,255}$", var.collection_id)), false)
    error_message = "collection_id must be 1 to 255 letters, digits, dots, hyphens and underscores; it is an id, not an ARN."
  }
}

variable "database_secret_arn" {
  description = "Secret with the address of the PostgreSQL database, for the engine `local`."
  type        = string
  default     = null
}

variable "extra_environment" {
  description = "More environment variables for all functions, such as `KITH_TITLE`, or AWS_ENDPOINT_URL_REKOGNITION for a Rekognition of one's own."
  type        = map(string)
  default     = {}
}

variable "key_prefix" {
  description = "Beginning of the keys that are photos. Empty takes every object of the bucket of originals."
  type        = string
  default     = ""
}

variable "ingest" {
  description = "How photos are worked on; see the module `ingest`."
  type = object({
    enabled              = optional(bool, true)
    memory_mb            = optional(number, 1536)
    timeout_seconds      = optional(number, 120)
    batch_size           = optional(number, 5)
    batch_window_seconds = optional(number, 0)
    maximum_concurrency  = optional(number, 5)
    max_receive_count    = optional(number, 5)
  })
  default = {}
}

variable "api" {
  description = "How the API answers; see the module `api`."
  type = object({
    memory_mb           = optional(number, 1024)
    requests_per_second = optional(number, 50)
    requests_at_once    = optional(number, 100)
    public_routes       = optional(list(string), [])
  })
  default = {}
}

variable "guests" {
  description = "How people without an account reach shared albums: `none`, they do not; `identity`, with keys of the guest identity; `link`, whoever knows the secret address."
  type        = string
  default     = "none"
}

variable "schedules" {
  description = "When `notices` and `regroup` run by themselves. Regrouping searches for every face anew, a tenth of a cent each: seldom, or by hand."
  type        = map(string)
  default     = { notices = "rate(5 minutes)" }
}

variable "timezone" {
  description = "Time zone of cron(...) in schedules."
  type        = string
  default     = "UTC"
}

variable "inventory_arn" {
  description = "Bucket with S3 Inventory of the originals, for backfills of millions. Null lists the bucket."
  type        = string
  default     = null
}

variable "page_folder" {
  description = "Folder with the album's page. Null leaves putting it into the bucket to something else."
  type        = string
  default     = null
}

variable "domain" {
  description = "A name of one's own for the album: `name` and `zone_id` of its zone in Route 53. Null takes CloudFront's."
  type = object({
    name    = string
    zone_id = string
  })
  default = null
}

variable "web_acl_arn" {
  description = "ARN of a web ACL of WAF, in us-east-1. Null is none."
  type        = string
  default     = null
}

variable "cors_origins" {
  description = "Origins of pages on other hosts that may use API and buckets. The album's own needs none."
  type        = list(string)
  default     = []
}

variable "login_domain_prefix" {
  description = "First part of the login page's host. Null takes `name_prefix` and the account's number."
  type        = string
  default     = null
}

variable "mfa" {
  description = "Second factor at login: `OFF`, `OPTIONAL` or `ON`."
  type        = string
  default     = "OPTIONAL"
}

variable "extra_auth_flows" {
  description = "More ways to get a token, such as ALLOW_ADMIN_USER_PASSWORD_AUTH for tests."
  type        = list(string)
  default     = []
}

variable "notice_emails" {
  description = "Addresses that are told who appears in new photos."
  type        = list(string)
  default     = []
}

variable "alarm_emails" {
  description = "Addresses that are told when something is wrong, or costs too much."
  type        = list(string)
  default     = []
}

variable "queue_age_seconds" {
  description = "Seconds that a photo may wait before somebody is told."
  type        = number
  default     = 3600
}

variable "budget" {
  description = "`monthly_dollars` at which somebody is told, and optionally `cost_tag` (`key`, `value`) to count only what has it. Null is none."
  type = object({
    monthly_dollars = number
    cost_tag = optional(object({
      key   = string
      value = string
    }))
  })
  default = null
}

variable "vpc" {
  description = "Runs the functions in a network without a way to the internet. `{}` takes the defaults; null, which costs nothing, is none."
  type = object({
    cidr                = optional(string, "10.20.0.0/16")
    zone_count          = optional(number, 2)
    interface_endpoints = optional(list(string), ["logs", "rekognition", "sns", "sqs"])
  })
  default = null
}

variable "archive_days" {
  description = "Days after which originals move to Glacier Instant Retrieval. Null leaves them."
  type        = number
  default     = null
}

variable "access_log_bucket" {
  description = "Bucket that keeps S3's access logs. Null keeps none."
  type        = string
  default     = null
}

variable "log_level" {
  description = "Least important lines that are kept: DEBUG, INFO, WARN or ERROR."
  type        = string
  default     = "INFO"
}

variable "log_retention_days" {
  description = "Days after which log lines are deleted."
  type        = number
  default     = 30
}

variable "tracing" {
  description = "Whether X-Ray follows calls."
  type        = bool
  default     = true
}

variable "permissions_boundary" {
  description = "ARN of a policy that no role may exceed. Null is none."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the catalog and the accounts. To destroy them, set this to false and apply first."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may delete buckets that still hold photos."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags for everything that is made."
  type        = map(string)
  default     = {}
}
