data "aws_region" "current" {}

locals {
  # Each graph: its title, its statistic, and lines of [namespace, metric, dimension, value].
  graphs = [
    {
      title = "Photos that wait", stat = "Maximum"
      lines = [for name in values(var.queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name]]
    },
    {
      title = "Age of the photo that waits longest, in seconds", stat = "Maximum"
      lines = [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", var.queues.photos]]
    },
    {
      title = "Calls", stat = "Sum"
      lines = [for name in var.functions : ["AWS/Lambda", "Invocations", "FunctionName", name]]
    },
    {
      title = "Errors", stat = "Sum"
      lines = [for name in var.functions : ["AWS/Lambda", "Errors", "FunctionName", name]]
    },
    {
      title = "Time of a call in ms, 95 of 100", stat = "p95"
      lines = [for name in var.functions : ["AWS/Lambda", "Duration", "FunctionName", name]]
    },
    {
      title = "Throttles", stat = "Sum"
      lines = concat(
        [for name in var.functions : ["AWS/Lambda", "Throttles", "FunctionName", name]],
        [for operation in ["DetectFaces", "IndexFaces", "SearchFaces", "SearchFacesByImage"] : ["AWS/Rekognition", "ThrottledCount", "Operation", operation]],
      )
    },
    {
      title = "Requests and errors of the API", stat = "Sum"
      lines = [for metric in ["Count", "4xx", "5xx"] : ["AWS/ApiGateway", metric, "ApiId", var.api_id]]
    },
    {
      title = "What the catalog reads and writes", stat = "Sum"
      lines = [for metric in ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"] : ["AWS/DynamoDB", metric, "TableName", var.table]]
    },
  ]
  widgets = [
    for index, graph in local.graphs : {
      type   = "metric"
      x      = 12 * (index % 2)
      y      = 6 * floor(index / 2)
      width  = 12
      height = 6
      properties = {
        title   = graph.title
        region  = data.aws_region.current.id
        view    = "timeSeries"
        stat    = graph.stat
        period  = 300
        metrics = graph.lines
      }
    }
  ]
}
