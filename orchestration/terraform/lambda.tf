# The two functions that run the program on AWS, in the place of GitHub's workflow. All resources of lambda.tf,
# schedule.tf, events.tf and alarms.tf exist only if run_on_lambda is true.

locals {
  functions = var.run_on_lambda ? toset(["extract", "transform"]) : toset([])

  # Lambda lets a function be ended after 15 minutes at most. An event for `extract` that waited an hour is of no use,
  # because the next hour has one of its own.
  event_age_s = { extract = 3600, transform = 21600 }

  function_names = { for name in ["extract", "transform"] : name => "${var.role_name}-${name}" }
  log_groups = {
    for name, function in local.function_names :
    name => "arn:aws:logs:${var.region}:${local.account_id}:log-group:/aws/lambda/${function}"
  }
  queue_arns = {
    for name, function in local.function_names : name => "arn:aws:sqs:${var.region}:${local.account_id}:${function}-dead-letters"
  }
  topic_arn = "arn:aws:sns:${var.region}:${local.account_id}:${var.role_name}-alerts"
  sources   = ["spotify", "streaming_history"]

  own_statements = {
    for name in ["extract", "transform"] : name => [
      {
        Sid      = "WriteTheLog"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${local.log_groups[name]}:*"]
      },
      {
        # Lambda sends the events that failed three times with the rights of the function.
        Sid      = "KeepDeadLetters"
        Action   = ["sqs:SendMessage"]
        Resource = [local.queue_arns[name]]
      },
      {
        Sid      = "Alert"
        Action   = ["sns:Publish"]
        Resource = [local.topic_arn]
      },
    ]
  }

  # `transform` reads the lake and writes only records: the lock, its own two, and the ends of loads, which a repair adds.
  build_statements = [
    {
      Sid      = "FindObjects"
      Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
      Resource = [local.bucket_arn]
    },
    {
      Sid      = "ReadTheLake"
      Action   = ["s3:GetObject"]
      Resource = ["${local.bucket_arn}/lake/*", "${local.bucket_arn}/${local.marker}"]
    },
    {
      Sid    = "WriteRecords"
      Action = ["s3:PutObject"]
      Resource = concat(
        [for record in [".lock", "last_build.json", "told_build.json"] : "${local.bucket_arn}/lake/${record}"],
        [for source in local.sources : "${local.bucket_arn}/lake/${source}/_dlt_loads/*"],
      )
    },
    {
      Sid      = "EndTheLock"
      Action   = ["s3:DeleteObject"]
      Resource = ["${local.bucket_arn}/lake/.lock"]
    },
  ]

  marker_statements = [
    {
      Sid      = "WriteTheMarker"
      Action   = ["s3:PutObject"]
      Resource = ["${local.bucket_arn}/${local.marker}"]
    },
  ]

  function_statements = {
    extract = concat(
      local.lake_statements, local.token_statements, local.marker_statements, local.own_statements.extract,
    )
    transform = concat(local.build_statements, local.query_statements, local.own_statements.transform)
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name        = local.function_names[each.key]
  description = "The function ${each.key} of spotify-elt."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name = "run"
  role = aws_iam_role.function[each.key].id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for statement in local.function_statements[each.key] : merge({ Effect = "Allow" }, statement)]
  })
}

# A zip of more than 50 MB can reach Lambda through S3 only.
resource "aws_s3_object" "code" {
  for_each = local.functions

  bucket      = aws_s3_bucket.lake.bucket
  key         = "code/${each.key}.zip"
  source      = "${var.lambda_zips}/${each.key}.zip"
  source_hash = try(filemd5("${var.lambda_zips}/${each.key}.zip"), null)

  lifecycle {
    precondition {
      condition     = fileexists("${var.lambda_zips}/${each.key}.zip")
      error_message = "There is no ${each.key}.zip in ${var.lambda_zips}; `make lambda` makes it."
    }
  }
}

resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name                  = local.function_names[each.key]
  description                    = each.key == "extract" ? "Loads what is new into the lake." : "Builds and tests the tables."
  role                           = aws_iam_role.function[each.key].arn
  runtime                        = "python3.12"
  architectures                  = [var.lambda_architecture]
  handler                        = "orchestration.aws_lambda.${each.key}.handler"
  s3_bucket                      = aws_s3_object.code[each.key].bucket
  s3_key                         = aws_s3_object.code[each.key].key
  source_code_hash               = try(filebase64sha256("${var.lambda_zips}/${each.key}.zip"), null)
  memory_size                    = var.lambda_memory_mb
  timeout                        = var.lambda_timeout_s
  reserved_concurrent_executions = var.lambda_concurrency

  environment {
    variables = {
      TARGET             = "prod"
      LAKE_URL           = "s3://${aws_s3_bucket.lake.bucket}/lake"
      GLUE_PREFIX        = var.glue_prefix
      ATHENA_WORK_GROUP  = var.work_group
      SPOTIFY_TOKEN_FILE = "ssm:${var.token_parameter}"
      TIME_ZONE          = var.time_zone
      WORK_DIR           = "/tmp/spotify-elt"
      ON_FAILURE         = aws_sns_topic.alerts[0].arn
    }
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letters[each.key].arn
  }

  # Without its rights the function could not write its first log, and Lambda refuses a queue that it may not use.
  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy.function]
}

# Lambda tries a failed event twice more, after one and two minutes, and then sends it to the queue.
resource "aws_lambda_function_event_invoke_config" "function" {
  for_each = local.functions

  function_name                = aws_lambda_function.function[each.key].function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = local.event_age_s[each.key]
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = local.functions

  name                      = "${local.function_names[each.key]}-dead-letters"
  message_retention_seconds = 1209600 # 14 days, the longest that SQS keeps
  sqs_managed_sse_enabled   = true
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${local.function_names[each.key]}"
  retention_in_days = var.log_retention_days
}
