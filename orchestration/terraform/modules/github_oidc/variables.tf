variable "account_id" {
  description = "Number of the AWS account."
  type        = string
}

variable "create_provider" {
  description = "False when the account already knows GitHub."
  type        = bool
}

variable "repository" {
  description = "The repository, as owner/name."
  type        = string
}

variable "owner_id" {
  description = "Number of the repository's owner."
  type        = number
}

variable "repository_id" {
  description = "Number of the repository."
  type        = number
}

variable "environment" {
  description = "GitHub environment that a job must name."
  type        = string
  default     = "production"
}

variable "role_name" {
  description = "Name of the role."
  type        = string
}

variable "policy_json" {
  description = "What the role may do."
  type        = string
}
