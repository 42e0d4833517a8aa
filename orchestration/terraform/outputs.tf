output "repository_variables" {
  description = "The variables that the workflow reads, as commands to paste. None of them is secret."
  value       = join("\n", [for name, value in local.repository_variables : "gh variable set ${name} --repo ${var.github_repository} --body '${value}'"])
}

locals {
  repository_variables = merge(
    {
      AWS_REGION         = var.region
      AWS_ROLE_ARN       = aws_iam_role.workflow.arn
      LAKE_URL           = "s3://${aws_s3_bucket.lake.bucket}/lake"
      SPOTIFY_TOKEN_FILE = "ssm:${aws_ssm_parameter.spotify_token.name}"
    },
    # These two only where they differ from the default of the setting
    var.glue_prefix == "spotify" ? {} : { GLUE_PREFIX = var.glue_prefix },
    var.work_group == "spotify-elt" ? {} : { ATHENA_WORK_GROUP = var.work_group },
  )
}
