provider "aws" {
  region = var.region

  default_tags {
    tags = { project = "spotify-elt" }
  }
}

data "aws_caller_identity" "current" {}

module "lake" {
  source = "./modules/lake"

  bucket_name       = var.bucket_name
  force_destroy     = var.force_destroy
  old_versions_days = var.old_versions_days
  glue_prefix       = var.glue_prefix
  work_group        = var.work_group
  scan_limit_bytes  = var.scan_limit_bytes
}

module "token" {
  source = "./modules/token"

  parameter_name = var.token_parameter
}

module "access" {
  source = "./modules/access"

  account_id     = data.aws_caller_identity.current.account_id
  region         = var.region
  bucket_name    = var.bucket_name
  glue_prefix    = var.glue_prefix
  work_group     = var.work_group
  parameter_name = var.token_parameter
}

module "github_oidc" {
  source = "./modules/github_oidc"

  account_id      = data.aws_caller_identity.current.account_id
  create_provider = var.create_oidc_provider
  repository      = var.github_repository
  owner_id        = var.github_owner_id
  repository_id   = var.github_repository_id
  role_name       = var.role_name
  policy_json     = module.access.policy_json
}

module "budget" {
  source = "./modules/budget"

  limit_usd   = var.budget_usd
  alert_email = var.alert_email
}
