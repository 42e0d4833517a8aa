variable "account_id" {
  description = "Number of the AWS account."
  type        = string
}

variable "region" {
  description = "Region of the workgroup, the databases and the parameter."
  type        = string
}

variable "bucket_name" {
  description = "Name of the lake's bucket."
  type        = string
}

variable "glue_prefix" {
  description = "Prefix of the four databases."
  type        = string
}

variable "work_group" {
  description = "Name of the Athena workgroup."
  type        = string
}

variable "parameter_name" {
  description = "Name of the token's parameter, with its leading slash."
  type        = string
}
