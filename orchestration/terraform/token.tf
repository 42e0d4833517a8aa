# The parameter for the Spotify token. Terraform creates the parameter; `make login` and every run write the value.

locals {
  token_statements = [
    {
      # No KMS permission is needed: the key aws/ssm serves everybody who may use the parameter.
      Sid      = "KeepTheToken"
      Action   = ["ssm:GetParameter", "ssm:PutParameter"]
      Resource = ["arn:aws:ssm:${var.region}:${local.account_id}:parameter${var.token_parameter}"]
    },
  ]
}

# value_wo is write-only: Terraform never stores it in the state and never reads the real token. With `value` and
# ignore_changes the real token would enter the state, because every refresh reads the value.
resource "aws_ssm_parameter" "spotify_token" {
  name             = var.token_parameter
  description      = "Spotify token of spotify-elt; make login writes it, each run renews it."
  type             = "SecureString"
  value_wo         = "{}"
  value_wo_version = 1
}
