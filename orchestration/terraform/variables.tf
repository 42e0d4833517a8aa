variable "region" {
  description = "AWS region of everything, for instance eu-central-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "A region looks like eu-central-1."
  }
}

variable "bucket_name" {
  description = "Name of the lake's bucket. Bucket names are shared by all AWS accounts: add something of your own."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "3 to 63 lower-case letters, digits and hyphens. No dots: TLS certificates do not cover them."
  }
}

variable "github_repository" {
  description = "Repository whose workflows may use the role, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "Write it as owner/name."
  }
}

variable "github_owner_id" {
  description = "Number of the repository's owner: gh api repos/OWNER/NAME --jq .owner.id"
  type        = number

  validation {
    condition     = var.github_owner_id > 0 && floor(var.github_owner_id) == var.github_owner_id
    error_message = "A whole number; gh api repos/OWNER/NAME --jq .owner.id prints it."
  }
}

variable "github_repository_id" {
  description = "Number of the repository: gh api repos/OWNER/NAME --jq .id"
  type        = number

  validation {
    condition     = var.github_repository_id > 0 && floor(var.github_repository_id) == var.github_repository_id
    error_message = "A whole number; gh api repos/OWNER/NAME --jq .id prints it."
  }
}

variable "alert_email" {
  description = "Address that the budget alarm writes to."
  type        = string

  validation {
    condition     = can(regex("^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$", var.alert_email))
    error_message = "An e-mail address."
  }
}

variable "create_oidc_provider" {
  description = "False when the account already knows GitHub: an account holds one provider per address."
  type        = bool
  default     = true
}

variable "role_name" {
  description = "Name of the role that the workflow assumes."
  type        = string
  default     = "spotify-elt"
}

variable "glue_prefix" {
  description = "The databases are <prefix>_raw, _staging, _intermediate and _marts. The same as the setting GLUE_PREFIX."
  type        = string
  default     = "spotify"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.glue_prefix))
    error_message = "Lower-case letters, digits and underscores, beginning with a letter."
  }
}

variable "work_group" {
  description = "Name of the Athena workgroup. The same as the setting ATHENA_WORK_GROUP."
  type        = string
  default     = "spotify-elt"
}

variable "scan_limit_bytes" {
  description = "Athena cancels a statement that reads more than this. 1 GB costs half a cent."
  type        = number
  default     = 1000000000

  validation {
    condition     = var.scan_limit_bytes >= 10000000
    error_message = "Athena takes no limit below 10000000."
  }
}

variable "token_parameter" {
  description = "SSM parameter that holds the Spotify token. The setting SPOTIFY_TOKEN_FILE is ssm: and this name."
  type        = string
  default     = "/spotify-elt/token"

  validation {
    condition     = can(regex("^(/[A-Za-z0-9_.-]+)+$", var.token_parameter))
    error_message = "A path that begins with a slash, for instance /spotify-elt/token."
  }
}

variable "budget_usd" {
  description = "Dollars a month of the whole account. The alarm comes when AWS forecasts 80 % of it."
  type        = number
  default     = 5

  validation {
    condition     = var.budget_usd > 0
    error_message = "More than 0."
  }
}

variable "old_versions_days" {
  description = "Days for which a deleted or overwritten object can be brought back."
  type        = number
  default     = 7

  validation {
    condition     = var.old_versions_days >= 1 && floor(var.old_versions_days) == var.old_versions_days
    error_message = "A whole number of days, 1 or more."
  }
}

variable "force_destroy" {
  description = "True lets a destroy delete a bucket that still holds a lake."
  type        = bool
  default     = false
}
