variable "parameter_name" {
  description = "Name of the parameter, with a leading slash."
  type        = string
}
