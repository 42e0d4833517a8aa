# `terraform test` checks these without an AWS account: the provider is a mock.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
}

variables {
  region               = "eu-central-1"
  bucket_name          = "a-lake"
  github_repository    = "somebody/spotify-elt"
  github_owner_id      = 1001
  github_repository_id = 2002
  alert_email          = "somebody@example.com"
}

run "the_bucket_is_private_and_only_query_results_expire" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.lake.block_public_acls,
      aws_s3_bucket_public_access_block.lake.block_public_policy,
      aws_s3_bucket_public_access_block.lake.ignore_public_acls,
      aws_s3_bucket_public_access_block.lake.restrict_public_buckets,
    ])
    error_message = "The bucket allows some public access."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.lake.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "The bucket allows ACLs on objects."
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_s3_bucket_policy.lake.policy).Statement :
      statement.Effect == "Deny" && statement.Principal == "*" && statement.Action == "s3:*" &&
      statement.Condition.Bool["aws:SecureTransport"] == "false"
    ])
    error_message = "The bucket policy does not deny plain HTTP."
  }

  assert {
    condition     = !aws_s3_bucket.lake.force_destroy
    error_message = "A destroy would delete a bucket that holds a lake."
  }

  assert {
    condition     = one([for rule in aws_s3_bucket_lifecycle_configuration.lake.rule : rule.expiration[0].days if rule.filter[0].prefix == "athena-results/"]) == 7
    error_message = "Query results do not expire after 7 days."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.lake.rule :
      rule.filter[0].prefix == "athena-results/" || rule.expiration[0].days == null || rule.expiration[0].days == 0
    ])
    error_message = "Objects other than query results expire."
  }
}

run "there_are_four_databases_and_a_work_group_with_the_scan_limit" {
  variables {
    scan_limit_bytes = 20000000
  }

  assert {
    condition     = sort([for database in aws_glue_catalog_database.layer : database.name]) == tolist(["spotify_intermediate", "spotify_marts", "spotify_raw", "spotify_staging"])
    error_message = "The Glue databases do not have the expected names."
  }

  assert {
    condition     = aws_athena_workgroup.elt.configuration[0].bytes_scanned_cutoff_per_query == 20000000
    error_message = "The scan limit is not the value of scan_limit_bytes."
  }

  assert {
    condition     = !aws_athena_workgroup.elt.configuration[0].enforce_workgroup_configuration
    error_message = "Athena would refuse CREATE TABLE AS with external_location."
  }
}

run "only_the_default_branch_of_the_repository_gets_the_role" {
  assert {
    condition = jsondecode(aws_iam_role.workflow.assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = [
          "repo:somebody/spotify-elt:ref:refs/heads/main",
          "repo:somebody@1001/spotify-elt@2002:ref:refs/heads/main",
        ]
      }
    }
    error_message = "The trust policy is not limited to the two subjects and the audience."
  }

  assert {
    condition     = length(jsondecode(aws_iam_role.workflow.assume_role_policy).Statement) == 1
    error_message = "The trust policy has more than one statement."
  }
}

run "no_provider_is_created_when_the_account_has_one" {
  variables {
    create_oidc_provider = false
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "IAM refuses a second provider with the same address."
  }

  assert {
    condition     = jsondecode(aws_iam_role.workflow.assume_role_policy).Statement[0].Principal.Federated == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    error_message = "The role does not trust GitHub's provider of this account."
  }
}

run "the_variables_and_secrets_of_the_workflow_are_printed" {
  variables {
    glue_prefix = "music"
  }

  assert {
    condition = [for line in split("\n", output.repository_settings) : join(" ", [split(" ", line)[1], split(" ", line)[3]])] == [
      "variable AWS_REGION", "variable GLUE_PREFIX", "variable SPOTIFY_TOKEN_FILE", "secret AWS_ROLE_ARN", "secret LAKE_URL",
    ]
    error_message = "The printed variables and secrets are not those that the workflow reads."
  }

  assert {
    condition     = strcontains(output.repository_settings, "gh secret set LAKE_URL --repo somebody/spotify-elt --body 's3://a-lake/lake'")
    error_message = "LAKE_URL does not name the bucket."
  }

  assert {
    condition     = strcontains(output.repository_settings, "--body 'ssm:/spotify-elt/token'")
    error_message = "SPOTIFY_TOKEN_FILE does not name the parameter."
  }
}

run "the_budget_sends_an_email_at_80_percent_of_the_forecast_and_of_what_was_spent" {
  assert {
    condition     = toset([for mail in aws_budgets_budget.monthly.notification : mail.notification_type]) == toset(["ACTUAL", "FORECASTED"])
    error_message = "There is not one alarm for the forecast and one for what was spent."
  }

  assert {
    condition = alltrue([
      for mail in aws_budgets_budget.monthly.notification :
      mail.threshold == 80 && mail.threshold_type == "PERCENTAGE" && mail.subscriber_email_addresses == toset(["somebody@example.com"])
    ])
    error_message = "No e-mail is sent at 80 %."
  }

  assert {
    condition     = aws_budgets_budget.monthly.limit_amount == "5" && aws_budgets_budget.monthly.limit_unit == "USD"
    error_message = "The limit is not 5 dollars."
  }
}

run "invalid_variables_are_refused_before_the_plan" {
  command = plan

  variables {
    bucket_name       = "Listening"
    scan_limit_bytes  = 1000
    github_owner_id   = 0 # the value in terraform.tfvars.example
    github_repository = "spotify-elt"
    github_branch     = "*"
    alert_email       = "somebody"
  }

  expect_failures = [
    var.bucket_name,
    var.scan_limit_bytes,
    var.github_owner_id,
    var.github_repository,
    var.github_branch,
    var.alert_email,
  ]
}
