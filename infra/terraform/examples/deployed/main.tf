# An album with the defaults. `kith aws deploy` writes this folder once; from then on it is yours to
# change. What can be said to the module, and what it says when nothing is, is in its README.md.

module "kith" {
  source = "../.."

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }

  name_prefix  = var.name_prefix
  key_prefix   = var.key_prefix
  package      = { filename = var.package_file }
  architecture = var.architecture
  page_folder  = var.page_folder
  alarm_emails = var.emails
  budget       = var.budget == null ? null : { monthly_dollars = var.budget }

  # Each photo costs a tenth of a cent more for either.
  extra_environment = var.findings ? {} : { KITH_LABELS = "off", KITH_TEXT = "off" }

  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy
}
