output "notices_topic_arn" {
  description = "Topic that tells who appears in new photos."
  value       = aws_sns_topic.notices.arn

  # Whoever publishes must find the policy there.
  depends_on = [aws_sns_topic_policy.this]
}

output "alarms_topic_arn" {
  description = "Topic that tells what is wrong."
  value       = aws_sns_topic.alarms.arn

  depends_on = [aws_sns_topic_policy.this]
}
