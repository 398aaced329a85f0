terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"

      # CloudFront takes certificates from that region only.
      configuration_aliases = [aws, aws.us_east_1]
    }
  }
}
