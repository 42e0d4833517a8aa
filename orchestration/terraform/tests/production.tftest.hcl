# terraform test: what the plan says, without an account.

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

run "the_bucket_is_private" {
  module {
    source = "./modules/lake"
  }

  variables {
    force_destroy     = false
    old_versions_days = 7
    glue_prefix       = "spotify"
    work_group        = "spotify-elt"
    scan_limit_bytes  = 1000000000
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Some public access is left open."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Objects may have ACLs."
  }

  assert {
    condition = anytrue([
      for one in jsondecode(aws_s3_bucket_policy.this.policy).Statement :
      one.Effect == "Deny" && one.Principal == "*" && one.Action == "s3:*" && one.Condition.Bool["aws:SecureTransport"] == "false"
    ])
    error_message = "Plain HTTP is not refused."
  }

  assert {
    condition     = !aws_s3_bucket.this.force_destroy
    error_message = "A destroy would take the lake along."
  }

  assert {
    condition     = one([for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.expiration[0].days if rule.filter[0].prefix == "athena-results/"]) == 7
    error_message = "Results of queries do not expire after 7 days."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      rule.filter[0].prefix == "athena-results/" || rule.expiration[0].days == null || rule.expiration[0].days == 0
    ])
    error_message = "Something else than results of queries expires."
  }

  assert {
    condition     = sort([for one in aws_glue_catalog_database.this : one.name]) == tolist(["spotify_intermediate", "spotify_marts", "spotify_raw", "spotify_staging"])
    error_message = "The databases have other names."
  }

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].bytes_scanned_cutoff_per_query == 1000000000
    error_message = "The scan limit is not the given one."
  }

  assert {
    condition     = !aws_athena_workgroup.this.configuration[0].enforce_workgroup_configuration
    error_message = "Athena would refuse CREATE TABLE AS with a location of its own."
  }
}

run "only_the_production_environment_of_the_repository_gets_the_role" {
  module {
    source = "./modules/github_oidc"
  }

  variables {
    account_id      = "123456789012"
    create_provider = true
    repository      = "somebody/spotify-elt"
    owner_id        = 1001
    repository_id   = 2002
    role_name       = "spotify-elt"
    policy_json     = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = [
          "repo:somebody/spotify-elt:environment:production",
          "repo:somebody@1001/spotify-elt@2002:environment:production",
        ]
      }
    }
    error_message = "The trust is not limited to the two subjects and the audience."
  }

  assert {
    condition     = length(jsondecode(aws_iam_role.this.assume_role_policy).Statement) == 1
    error_message = "Somebody else may assume the role."
  }
}

run "an_account_that_knows_github_keeps_its_provider" {
  module {
    source = "./modules/github_oidc"
  }

  variables {
    account_id      = "123456789012"
    create_provider = false
    repository      = "somebody/spotify-elt"
    owner_id        = 1001
    repository_id   = 2002
    role_name       = "spotify-elt"
    policy_json     = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "A second provider for the same address is refused by IAM."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal.Federated == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    error_message = "The role trusts another provider."
  }
}

run "everything_that_the_workflow_reads_is_printed" {
  variables {
    glue_prefix = "music"
  }

  assert {
    condition = [for line in split("\n", output.repository_variables) : split(" ", line)[3]] == [
      "AWS_REGION", "AWS_ROLE_ARN", "GLUE_PREFIX", "LAKE_URL", "SPOTIFY_TOKEN_FILE",
    ]
    error_message = "The printed variables are not those of the workflow."
  }

  assert {
    condition     = strcontains(output.repository_variables, "gh variable set LAKE_URL --repo somebody/spotify-elt --body 's3://a-lake/lake'")
    error_message = "LAKE_URL does not name the bucket."
  }

  assert {
    condition     = strcontains(output.repository_variables, "--body 'ssm:/spotify-elt/token'")
    error_message = "SPOTIFY_TOKEN_FILE does not name the parameter."
  }
}

run "the_budget_warns_before_the_money_is_spent" {
  module {
    source = "./modules/budget"
  }

  variables {
    limit_usd = 5
  }

  assert {
    condition = one([
      for one in aws_budgets_budget.this.notification :
      [one.notification_type, one.threshold, one.threshold_type, one.subscriber_email_addresses]
    ]) == ["FORECASTED", 80, "PERCENTAGE", toset(["somebody@example.com"])]
    error_message = "No mail at 80 % of the forecast."
  }

  assert {
    condition     = aws_budgets_budget.this.limit_amount == "5" && aws_budgets_budget.this.limit_unit == "USD"
    error_message = "The limit is not 5 dollars."
  }
}

run "what_aws_would_refuse_is_refused_before_the_plan" {
  command = plan

  variables {
    bucket_name       = "Listening"
    scan_limit_bytes  = 1000
    github_owner_id   = 0 # as in the example
    github_repository = "spotify-elt"
    alert_email       = "somebody"
  }

  expect_failures = [
    var.bucket_name,
    var.scan_limit_bytes,
    var.github_owner_id,
    var.github_repository,
    var.alert_email,
  ]
}
