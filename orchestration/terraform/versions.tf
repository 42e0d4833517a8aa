terraform {
  required_version = ">= 1.11" # 1.11 added write-only arguments; token.tf uses one

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { project = "spotify-elt" }
  }
}
