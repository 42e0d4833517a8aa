# The Lambda functions and the crawler, with a mock provider. The folder zips holds files with the names of the zips.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:123456789012:spotify-elt-alerts" }
  }

  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:any" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:any", url = "https://sqs.eu-central-1.amazonaws.com/123456789012/any" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/any" }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:eu-central-1:123456789012:rule/any" }
  }
}

variables {
  region               = "eu-central-1"
  bucket_name          = "a-lake"
  github_repository    = "somebody/spotify-elt"
  github_owner_id      = 1001
  github_repository_id = 2002
  alert_email          = "somebody@example.com"
  lambda_zips          = "zips"
}

run "nothing_of_it_exists_by_default" {
  assert {
    condition = sum([
      length(aws_lambda_function.function), length(aws_s3_object.code), length(aws_iam_role.function),
      length(aws_sqs_queue.dead_letters), length(aws_scheduler_schedule.extract), length(aws_scheduler_schedule.poll), length(aws_cloudwatch_event_rule.marker),
      length(aws_s3_bucket_notification.lake), length(aws_sns_topic.alerts), length(aws_cloudwatch_metric_alarm.silence),
      length(aws_glue_crawler.lake), length(aws_iam_role.crawler), length(aws_glue_catalog_database.crawled),
    ]) == 0
    error_message = "Something is made that nobody asked for."
  }
}

run "extract_runs_hourly_and_its_marker_starts_transform_once_a_day" {
  variables {
    run_on_lambda = true
  }

  assert {
    condition     = aws_scheduler_schedule.extract[0].schedule_expression == "cron(7 * * * ? *)"
    error_message = "The schedule does not fire every hour."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.marker[0].event_pattern).detail == { bucket = { name = ["a-lake"] }, object = { key = ["markers/new_rows.json"] } }
    error_message = "The rule does not fit the marker alone."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_target.transform[0].input) == { at_most_every_hours = 23 }
    error_message = "transform does not learn how often it may build."
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.function : function.reserved_concurrent_executions == 1 && function.runtime == "python3.12" && function.timeout == 900])
    error_message = "A function is not limited to one event at a time, or has another runtime."
  }
}

run "polls_are_made_only_when_they_are_asked_for_and_never_repeated" {
  variables {
    run_on_lambda      = true
    poll_every_minutes = 5
    build_every_hours  = 0
  }

  assert {
    condition     = aws_scheduler_schedule.poll[0].schedule_expression == "rate(5 minutes)"
    error_message = "The schedule of polls does not fire every five minutes."
  }

  assert {
    condition     = jsondecode(aws_scheduler_schedule.poll[0].target[0].input) == { poll = true } && aws_scheduler_schedule.poll[0].target[0].retry_policy[0].maximum_retry_attempts == 0
    error_message = "extract is not asked for a poll, or a poll is repeated."
  }
}

run "an_hourly_run_alone_polls_nothing" {
  variables {
    run_on_lambda = true
  }

  assert {
    condition     = length(aws_scheduler_schedule.poll) == 0
    error_message = "Polls are made that nobody asked for."
  }
}

run "every_event_that_fails_is_tried_again_then_kept_and_a_mail_is_sent" {
  variables {
    run_on_lambda = true
  }

  assert {
    condition     = alltrue([for config in aws_lambda_function_event_invoke_config.function : config.maximum_retry_attempts == 2])
    error_message = "A function is not tried again."
  }

  assert {
    condition = alltrue(concat(
      [for function in aws_lambda_function.function : length(function.dead_letter_config) == 1],
      [length(aws_scheduler_schedule.extract[0].target[0].dead_letter_config) == 1],
      [length(aws_cloudwatch_event_target.transform[0].dead_letter_config) == 1],
      [for alarm in aws_cloudwatch_metric_alarm.dead_letters : length(alarm.alarm_actions) == 1],
      [for group in aws_cloudwatch_log_group.function : group.retention_in_days == 30],
    ))
    error_message = "A failed event is lost, or nobody hears of it, or logs stay for ever."
  }

  assert {
    condition     = aws_sns_topic_subscription.mail[0].endpoint == "somebody@example.com"
    error_message = "The alerts go to nobody."
  }
}

run "transform_cannot_change_the_rows_of_the_lake_nor_read_the_token" {
  variables {
    run_on_lambda = true
  }

  assert {
    condition = !anytrue([
      for statement in jsondecode(aws_iam_role_policy.function["transform"].policy).Statement :
      anytrue([for action in statement.Action : startswith(action, "ssm:")]) ||
      (anytrue([for action in statement.Action : contains(["s3:PutObject", "s3:DeleteObject"], action)]) && contains(statement.Resource, "arn:aws:s3:::a-lake/lake/*"))
    ])
    error_message = "transform has rights that a build does not need."
  }

  assert {
    condition = !anytrue([
      for statement in jsondecode(aws_iam_role_policy.function["extract"].policy).Statement :
      anytrue([for action in statement.Action : startswith(action, "athena:") || startswith(action, "glue:")])
    ])
    error_message = "extract has rights that a load does not need."
  }
}

run "the_crawler_has_a_database_of_its_own" {
  variables {
    crawler = true
  }

  assert {
    condition     = toset([for crawler in aws_glue_crawler.lake : crawler.database_name]) == toset(["spotify_crawled"])
    error_message = "The crawler writes into a database of the program."
  }

  assert {
    condition     = toset([for crawler in aws_glue_crawler.lake : crawler.s3_target[0].path]) == toset(["s3://a-lake/lake/spotify/", "s3://a-lake/lake/streaming_history/"])
    error_message = "The crawlers do not read each source of the lake."
  }
}

run "wrong_values_are_refused_before_the_plan" {
  command = plan

  variables {
    lambda_architecture = "sparc"
    lambda_memory_mb    = 128
    lambda_timeout_s    = 9000
    lambda_concurrency  = 0
    build_every_hours   = -1
  }

  expect_failures = [
    var.lambda_architecture, var.lambda_memory_mb, var.lambda_timeout_s, var.lambda_concurrency, var.build_every_hours,
  ]
}
