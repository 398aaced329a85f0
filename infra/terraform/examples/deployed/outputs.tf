output "kith" {
  description = "Everything that the module tells."
  value       = module.kith
}

output "region" {
  description = "Region that everything is in."
  value       = var.region
}

output "key_prefix" {
  description = "Beginning of the keys that are photos."
  value       = var.key_prefix
}
