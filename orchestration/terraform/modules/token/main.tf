# Terraform makes the parameter, the program fills it. The value is write-only: neither this one nor the real one is
# ever in the state, which ignore_changes would not prevent, because a refresh reads the value back.
resource "aws_ssm_parameter" "this" {
  name             = var.parameter_name
  description      = "Spotify token of spotify-elt; make login writes it, each run renews it."
  type             = "SecureString"
  value_wo         = "{}"
  value_wo_version = 1
}
