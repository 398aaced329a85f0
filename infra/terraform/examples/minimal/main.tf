# An album with the defaults: Amazon Rekognition, CloudFront's own address, no network.

module "kith" {
  source = "../.."

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }

  name_prefix  = var.name_prefix
  package      = { filename = var.package_file }
  page_folder  = var.page_folder
  alarm_emails = [var.email]
  budget       = { monthly_dollars = 10 }
}
