# The mails to a person. The functions themselves publish what they know: a consent that ends, a failed test. The alarms
# are for what no function can tell: an event that failed three times, a schedule that no longer fires.

resource "aws_sns_topic" "alerts" {
  count = var.run_on_lambda ? 1 : 0

  name = "${var.role_name}-alerts"
}

resource "aws_sns_topic_subscription" "mail" {
  count = var.run_on_lambda ? 1 : 0

  topic_arn = aws_sns_topic.alerts[0].arn
  protocol  = "email"
  endpoint  = var.alert_email
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = local.functions

  alarm_name          = "${local.function_names[each.key]}-dead-letters"
  alarm_description   = "The function ${each.key} failed three times; its log /aws/lambda/${local.function_names[each.key]} says why. Nothing is lost: the next run continues. The alarm ends when the queue is purged."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters[each.key].name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts[0].arn]
}

# Lambda counts a function that does not run not as 0 but not at all. So the alarm then has no data, which sends the mail.
# As a new alarm begins without data, there is no mail before the first run.
resource "aws_cloudwatch_metric_alarm" "silence" {
  count = var.run_on_lambda ? 1 : 0

  alarm_name                = "${local.function_names.extract}-silent"
  alarm_description         = "The function extract has not run for six hours, and Spotify keeps 50 plays only. Look at the schedule ${local.function_names.extract}."
  namespace                 = "AWS/Lambda"
  metric_name               = "Invocations"
  dimensions                = { FunctionName = aws_lambda_function.function["extract"].function_name }
  statistic                 = "Sum"
  comparison_operator       = "LessThanThreshold"
  threshold                 = 1
  period                    = 3600
  evaluation_periods        = 6
  treat_missing_data        = "missing"
  alarm_actions             = [aws_sns_topic.alerts[0].arn]
  insufficient_data_actions = [aws_sns_topic.alerts[0].arn]
}
