# The marker of `extract` starts `transform`: S3 reports each new object to EventBridge, and the rule fits the marker only.

locals {
  marker = "markers/new_rows.json"
}

resource "aws_s3_bucket_notification" "lake" {
  count = var.run_on_lambda ? 1 : 0

  bucket      = aws_s3_bucket.lake.bucket
  eventbridge = true
}

resource "aws_cloudwatch_event_rule" "marker" {
  count = var.run_on_lambda ? 1 : 0

  name        = "${var.role_name}-new-rows"
  description = "The lake of spotify-elt has new rows."

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.bucket_name] }
      object = { key = [local.marker] }
    }
  })
}

resource "aws_cloudwatch_event_target" "transform" {
  count = var.run_on_lambda ? 1 : 0

  rule  = aws_cloudwatch_event_rule.marker[0].name
  arn   = aws_lambda_function.function["transform"].arn
  input = jsonencode({ at_most_every_hours = var.build_every_hours })

  retry_policy {
    maximum_retry_attempts       = 5
    maximum_event_age_in_seconds = 3600
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters["transform"].arn
  }
}

resource "aws_lambda_permission" "marker" {
  count = var.run_on_lambda ? 1 : 0

  statement_id  = "marker"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function["transform"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.marker[0].arn
}

resource "aws_sqs_queue_policy" "transform" {
  count = var.run_on_lambda ? 1 : 0

  queue_url = aws_sqs_queue.dead_letters["transform"].url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { Service = "events.amazonaws.com" }
      Resource  = aws_sqs_queue.dead_letters["transform"].arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.marker[0].arn } }
    }]
  })
}
