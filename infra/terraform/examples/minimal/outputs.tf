output "album_url" {
  description = "Address of the album."
  value       = module.kith.album_url
}

output "originals_bucket" {
  description = "Bucket to put photos into."
  value       = module.kith.originals_bucket
}

output "login" {
  description = "What is needed to make accounts."
  value       = module.kith.login
}
