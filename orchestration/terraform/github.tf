# The role of the GitHub workflow. GitHub proves its identity with OIDC, so no AWS key is stored anywhere.

data "aws_caller_identity" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  issuer     = "token.actions.githubusercontent.com"
  owner      = split("/", var.github_repository)[0]
  repository = split("/", var.github_repository)[1]

  # GitHub sends the second form for repositories that were created or renamed since July 2026, and the first form
  # for older ones. Both name the branch, so another branch or a pull request does not get the role. They name no
  # environment, because GitHub Free has none in a private repository.
  subjects = [
    for repository in [
      "${local.owner}/${local.repository}",
      "${local.owner}@${var.github_owner_id}/${local.repository}@${var.github_repository_id}",
    ] : "repo:${repository}:ref:refs/heads/${var.github_branch}"
  ]
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_oidc_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "workflow" {
  name        = var.role_name
  description = "Runs spotify-elt from ${var.github_repository}, branch ${var.github_branch}."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::${local.account_id}:oidc-provider/${local.issuer}" }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = local.subjects
        }
      }
    }]
  })

  # IAM refuses a trust policy that names an unknown provider.
  depends_on = [aws_iam_openid_connect_provider.github]
}

# Each concern declares its statements in its own file. tests/terraform/calls.json lists every AWS call of a run; a test
# fails when a call is not allowed, and when an allowed action is not in the list.
resource "aws_iam_role_policy" "run" {
  name = "run"
  role = aws_iam_role.workflow.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in concat(local.lake_statements, local.query_statements, local.token_statements) :
      merge({ Effect = "Allow" }, statement)
    ]
  })
}
