output "repository_variables" {
  description = "What the workflow reads from the repository, as commands to paste; none of it is secret."
  value       = join("\n", [for name, value in local.variables : "gh variable set ${name} --repo ${var.github_repository} --body '${value}'"])
}

locals {
  variables = merge(
    {
      AWS_REGION         = var.region
      AWS_ROLE_ARN       = module.github_oidc.role_arn
      LAKE_URL           = "s3://${module.lake.bucket_name}/lake"
      SPOTIFY_TOKEN_FILE = "ssm:${module.token.parameter_name}"
    },
    # Only where they are not what the program takes by itself
    var.glue_prefix == "spotify" ? {} : { GLUE_PREFIX = var.glue_prefix },
    var.work_group == "spotify-elt" ? {} : { ATHENA_WORK_GROUP = var.work_group },
  )
}
