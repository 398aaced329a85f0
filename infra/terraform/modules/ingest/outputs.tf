output "function" {
  description = "The function: `name`, `arn`, `role`, `log_group`."
  value = {
    name      = module.function.name
    arn       = module.function.arn
    role      = module.function.role
    log_group = module.function.log_group
  }
}

output "mapping_id" {
  description = "Id of the mapping from the queue to the function."
  value       = aws_lambda_event_source_mapping.queue.uuid
}
