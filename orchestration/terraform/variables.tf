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
  description = "E-mail address for the budget alarm and for the alerts of the Lambda functions."
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

variable "run_on_lambda" {
  description = "Set to true to run extract and build as Lambda functions, in the place of GitHub's workflow. `make lambda` must have made the zips."
  type        = bool
  default     = false
}

variable "lambda_zips" {
  description = "Folder with extract.zip and transform.zip, as `make lambda` makes them."
  type        = string
  default     = "../../build/lambda"
}

variable "lambda_architecture" {
  description = "x86_64, or arm64 for zips of `make lambda ARGS=--arm64`."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.lambda_architecture)
    error_message = "lambda_architecture must be x86_64 or arm64."
  }
}

variable "lambda_memory_mb" {
  description = "Memory of each function in MB. With 1769 a function has one whole processor."
  type        = number
  default     = 1769

  validation {
    condition     = var.lambda_memory_mb >= 768 && var.lambda_memory_mb <= 10240
    error_message = "lambda_memory_mb must be from 768 to 10240."
  }
}

variable "lambda_timeout_s" {
  description = "Seconds after which Lambda ends a function. The program stops itself 20 seconds before."
  type        = number
  default     = 900

  validation {
    condition     = var.lambda_timeout_s >= 60 && var.lambda_timeout_s <= 900
    error_message = "lambda_timeout_s must be from 60 to 900, the most that Lambda allows."
  }
}

variable "lambda_concurrency" {
  description = "How many events a function may work on at a time: 1. Set to -1 in a new account whose quota is 10 functions at a time: AWS then refuses to reserve any. The lock of the lake lets one run at a time work in both cases."
  type        = number
  default     = 1

  validation {
    condition     = contains([-1, 1], var.lambda_concurrency)
    error_message = "lambda_concurrency must be 1 or -1."
  }
}

variable "extract_schedule" {
  description = "When `extract` starts, as an expression of EventBridge Scheduler. The default is seven minutes past every hour."
  type        = string
  default     = "cron(7 * * * ? *)"
}

variable "poll_every_minutes" {
  description = "Minutes between two calls of `extract` that poll recently played while you listen; 0 for no polls. 5 is a good value, with build_every_hours = 0."
  type        = number
  default     = 0

  validation {
    condition     = var.poll_every_minutes == 0 || var.poll_every_minutes >= 4
    error_message = "poll_every_minutes must be 0, or 4 or more: a poll is never due earlier."
  }
}

variable "build_every_hours" {
  description = "Hours between two builds of the tables at least: 23 for once a day, 0 for after every extract with new rows."
  type        = number
  default     = 23

  validation {
    condition     = var.build_every_hours >= 0
    error_message = "build_every_hours must be 0 or more."
  }
}

variable "time_zone" {
  description = "Time zone of days and hours in the tables that the functions build, for instance Europe/Berlin."
  type        = string
  default     = "UTC"
}

variable "log_retention_days" {
  description = "Days for which CloudWatch keeps the logs of the functions."
  type        = number
  default     = 30
}

variable "crawler" {
  description = "Set to true for a Glue crawler over the lake. It costs about 2 dollars a month, and nothing here needs it."
  type        = bool
  default     = false
}

variable "crawler_schedule" {
  description = "When the crawler runs, in UTC, as an expression of Glue."
  type        = string
  default     = "cron(30 6 * * ? *)"
}
