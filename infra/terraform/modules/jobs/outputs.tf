output "functions" {
  description = "By name (`regroup`, `notices`, `backfill`): `name`, `arn`, `role`, `log_group`."
  value = {
    for name, function in module.function : name => {
      name      = function.name
      arn       = function.arn
      role      = function.role
      log_group = function.log_group
    }
  }
}

output "scheduler_role" {
  description = "The schedules' role: `name`, `arn`."
  value = {
    name = aws_iam_role.scheduler.name
    arn  = aws_iam_role.scheduler.arn
  }
}
