output "repository_settings" {
  description = "The variables and secrets that the workflow reads, as commands to paste."
  value = join("\n", concat(
    [for name, value in local.repository_variables : "gh variable set ${name} --repo ${var.github_repository} --body '${value}'"],
    [for name, value in local.repository_secrets : "gh secret set ${name} --repo ${var.github_repository} --body '${value}'"],
  ))
}

locals {
  repository_variables = merge(
    {
      AWS_REGION         = var.region
      SPOTIFY_TOKEN_FILE = "ssm:${aws_ssm_parameter.spotify_token.name}"
    },
    # These two only where they differ from the default of the setting
    var.glue_prefix == "spotify" ? {} : { GLUE_PREFIX = var.glue_prefix },
    var.work_group == "spotify-elt" ? {} : { ATHENA_WORK_GROUP = var.work_group },
  )

  # Neither opens anything. As secrets they keep the account number and the bucket out of the log of a public repository.
  repository_secrets = {
    AWS_ROLE_ARN = aws_iam_role.workflow.arn
    LAKE_URL     = "s3://${aws_s3_bucket.lake.bucket}/lake"
  }
}

output "functions" {
  description = "The names of the Lambda functions; empty without run_on_lambda."
  value       = { for name, function in aws_lambda_function.function : name => function.function_name }
}
