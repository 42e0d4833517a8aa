variable "bucket_name" {
  description = "Name of the bucket."
  type        = string
}

variable "force_destroy" {
  description = "Whether a destroy deletes a bucket that holds objects."
  type        = bool
}

variable "old_versions_days" {
  description = "Days for which a deleted or overwritten object can be brought back."
  type        = number
}

variable "glue_prefix" {
  description = "Prefix of the four databases."
  type        = string
}

variable "work_group" {
  description = "Name of the Athena workgroup."
  type        = string
}

variable "scan_limit_bytes" {
  description = "Most bytes a statement may read."
  type        = number
}
