# Two topics. Who appears in photos is told to those who asked, and kept encrypted; what is wrong
# with the system is told to whoever runs it.

resource "aws_sns_topic" "notices" {
  name              = "${var.name_prefix}-notices"
  display_name      = "Kith"
  kms_master_key_id = "alias/aws/sns"
  tags              = var.tags
}

# Without a key: CloudWatch and Budgets cannot publish to a topic with AWS's own key, and nothing
# personal is said here.
resource "aws_sns_topic" "alarms" {
  name         = "${var.name_prefix}-alarms"
  display_name = "Kith alarms"
  tags         = var.tags
}

resource "aws_sns_topic_policy" "this" {
  for_each = local.topics

  arn    = each.value.arn
  policy = data.aws_iam_policy_document.topic[each.key].json
}

# Each address gets a mail with a link, and nothing else before that is clicked.
resource "aws_sns_topic_subscription" "notices" {
  for_each = toset(var.notice_emails)

  topic_arn = aws_sns_topic.notices.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_sns_topic_subscription" "alarms" {
  for_each = toset(var.alarm_emails)

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}
