terraform {
  required_version = ">= 1.11" # the first with write-only values, which keep the token out of the state

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}
