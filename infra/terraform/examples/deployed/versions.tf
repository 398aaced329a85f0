terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # One's own machine keeps the state unless it is told otherwise. For more than one person:
  #   backend "s3" {}
  # and `terraform init -backend-config=...` with bucket, key, region and use_lockfile = true.
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { project = var.name_prefix }
  }
}

# CloudFront takes certificates from there only.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

  default_tags {
    tags = { project = var.name_prefix }
  }
}
