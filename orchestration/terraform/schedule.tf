# EventBridge Scheduler starts `extract`: every hour, and every few minutes for a poll if poll_every_minutes is set.

resource "aws_iam_role" "schedule" {
  count = var.run_on_lambda ? 1 : 0

  name        = "${var.role_name}-schedule"
  description = "Lets EventBridge Scheduler start the function extract of spotify-elt."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  count = var.run_on_lambda ? 1 : 0

  name = "run"
  role = aws_iam_role.schedule[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = [aws_lambda_function.function["extract"].arn] },
      { Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [aws_sqs_queue.dead_letters["extract"].arn] },
    ]
  })
}

resource "aws_scheduler_schedule" "extract" {
  count = var.run_on_lambda ? 1 : 0

  name                = local.function_names.extract
  description         = "Loads what is new into the lake of spotify-elt."
  schedule_expression = var.extract_schedule

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.function["extract"].arn
    role_arn = aws_iam_role.schedule[0].arn
    input    = "{}"

    retry_policy {
      maximum_retry_attempts       = 5
      maximum_event_age_in_seconds = 3600
    }

    dead_letter_config {
      arn = aws_sqs_queue.dead_letters["extract"].arn
    }
  }
}

# A poll that fails is not repeated: the next one is minutes away.
resource "aws_scheduler_schedule" "poll" {
  count = var.run_on_lambda && var.poll_every_minutes > 0 ? 1 : 0

  name                = "${local.function_names.extract}-poll"
  description         = "Polls recently played for spotify-elt, if a poll is due."
  schedule_expression = "rate(${var.poll_every_minutes} minutes)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.function["extract"].arn
    role_arn = aws_iam_role.schedule[0].arn
    input    = jsonencode({ poll = true })

    retry_policy {
      maximum_retry_attempts       = 0
      maximum_event_age_in_seconds = 60
    }
  }
}
