terraform {
  required_version = ">= 1.11" # 1.11 added write-only arguments; token.tf uses one

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0" # the tests have run with 5.100.0 only; .terraform.lock.hcl pins it
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { project = "spotify-elt" }
  }
}
