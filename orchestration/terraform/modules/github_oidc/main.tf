locals {
  issuer       = "token.actions.githubusercontent.com"
  provider_arn = "arn:aws:iam::${var.account_id}:oidc-provider/${local.issuer}"

  owner = split("/", var.repository)[0]
  name  = split("/", var.repository)[1]

  # GitHub writes ids into the subject for repositories made or renamed since July 2026; older ones send the plain form.
  # Both name the environment, so no branch and no pull request can ask for the role by itself.
  subjects = [
    "repo:${local.owner}/${local.name}:environment:${var.environment}",
    "repo:${local.owner}@${var.owner_id}/${local.name}@${var.repository_id}:environment:${var.environment}",
  ]
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "this" {
  name        = var.role_name
  description = "Runs spotify-elt from ${var.repository}, environment ${var.environment}."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = local.provider_arn }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = local.subjects
        }
      }
    }]
  })

  # IAM refuses a trust policy that names a provider it does not know
  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "this" {
  name   = "run"
  role   = aws_iam_role.this.id
  policy = var.policy_json
}
