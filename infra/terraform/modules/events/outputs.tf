output "queue" {
  description = "The queue of photos that wait: `name`, `arn`, `url`, `visibility_timeout_seconds`."
  value = {
    name                       = aws_sqs_queue.photos.name
    arn                        = aws_sqs_queue.photos.arn
    url                        = aws_sqs_queue.photos.id
    visibility_timeout_seconds = aws_sqs_queue.photos.visibility_timeout_seconds
  }
}

output "failed" {
  description = "The dead-letter queue: `name`, `arn`, `url`. It can be redriven."
  value = {
    name = aws_sqs_queue.failed.name
    arn  = aws_sqs_queue.failed.arn
    url  = aws_sqs_queue.failed.id
  }
}

output "undelivered" {
  description = "Events that EventBridge could not put into the queue: `name`, `arn`, `url`."
  value = {
    name = aws_sqs_queue.undelivered.name
    arn  = aws_sqs_queue.undelivered.arn
    url  = aws_sqs_queue.undelivered.id
  }
}

output "rule_arn" {
  description = "The rule that new photos match."
  value       = aws_cloudwatch_event_rule.created.arn
}
