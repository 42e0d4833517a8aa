variable "region" {
  description = "AWS region for all resources, for instance eu-central-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "region must be the code of an AWS region, for instance eu-central-1."
  }
}

variable "bucket_name" {
  description = "Name of the bucket. All AWS accounts share one set of bucket names, so add something unique, for instance your name."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must have 3 to 63 lower-case letters, digits and hyphens. It must not contain a dot, because the TLS certificate of S3 does not cover names with dots."
  }
}

variable "github_repository" {
  description = "GitHub repository whose workflow may assume the role, spelled as GitHub spells it: gh api repos/OWNER/NAME --jq .full_name"
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "github_repository must have the form owner/name. This command prints it: gh api repos/OWNER/NAME --jq .full_name"
  }
}

variable "github_owner_id" {
  description = "GitHub's numeric id of the repository's owner: gh api repos/OWNER/NAME --jq .owner.id"
  type        = number

  validation {
    condition     = var.github_owner_id > 0 && floor(var.github_owner_id) == var.github_owner_id
    error_message = "github_owner_id must be a whole number above 0. This command prints it: gh api repos/OWNER/NAME --jq .owner.id"
  }
}

variable "github_repository_id" {
  description = "GitHub's numeric id of the repository: gh api repos/OWNER/NAME --jq .id"
  type        = number

  validation {
    condition     = var.github_repository_id > 0 && floor(var.github_repository_id) == var.github_repository_id
    error_message = "github_repository_id must be a whole number above 0. This command prints it: gh api repos/OWNER/NAME --jq .id"
  }
}

variable "github_branch" {
  description = "Default branch of the repository. Only workflows of this branch may assume the role."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.github_branch))
    error_message = "github_branch must be the name of one branch, without wildcards."
  }
}

variable "alert_email" {
  description = "E-mail address for the budget alarm."
  type        = string

  validation {
    condition     = can(regex("^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$", var.alert_email))
    error_message = "alert_email must be an e-mail address."
  }
}

variable "create_oidc_provider" {
  description = "Set to false if the account already has an OIDC provider for GitHub. IAM allows one provider per address."
  type        = bool
  default     = true
}

variable "role_name" {
  description = "Name of the IAM role that the workflow assumes."
  type        = string
  default     = "spotify-elt"
}

variable "glue_prefix" {
  description = "Prefix of the Glue databases: <prefix>_raw, _staging, _intermediate and _marts. Must equal the setting GLUE_PREFIX."
  type        = string
  default     = "spotify"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.glue_prefix))
    error_message = "glue_prefix must begin with a lower-case letter and contain only lower-case letters, digits and underscores."
  }
}

variable "work_group" {
  description = "Name of the Athena work group. Must equal the setting ATHENA_WORK_GROUP."
  type        = string
  default     = "spotify-elt"
}

variable "scan_limit_bytes" {
  description = "Athena cancels a statement that reads more bytes than this. 1 GB costs half a US cent."
  type        = number
  default     = 1000000000

  validation {
    condition     = var.scan_limit_bytes >= 10000000
    error_message = "scan_limit_bytes must be at least 10000000, the lowest limit that Athena accepts."
  }
}

variable "token_parameter" {
  description = "Name of the SSM parameter for the Spotify token. The setting SPOTIFY_TOKEN_FILE is ssm: followed by this name."
  type        = string
  default     = "/spotify-elt/token"

  validation {
    condition     = can(regex("^(/[A-Za-z0-9_.-]+)+$", var.token_parameter))
    error_message = "token_parameter must be a path that begins with a slash, for instance /spotify-elt/token."
  }
}

variable "budget_usd" {
  description = "Budget of the whole account in US dollars a month. AWS sends a mail when its forecast reaches 80 % of the budget, and when 80 % is spent."
  type        = number
  default     = 5

  validation {
    condition     = var.budget_usd > 0
    error_message = "budget_usd must be more than 0."
  }
}

variable "old_versions_days" {
  description = "Number of days for which a deleted or overwritten object can be restored."
  type        = number
  default     = 7

  validation {
    condition     = var.old_versions_days >= 1 && floor(var.old_versions_days) == var.old_versions_days
    error_message = "old_versions_days must be a whole number, 1 or more."
  }
}

variable "force_destroy" {
  description = "Set to true to let a destroy delete a bucket that holds objects."
  type        = bool
  default     = false
}
