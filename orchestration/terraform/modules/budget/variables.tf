variable "limit_usd" {
  description = "Dollars a month."
  type        = number
}

variable "alert_email" {
  description = "Address that is written to."
  type        = string
}
