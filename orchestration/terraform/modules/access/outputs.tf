output "policy_json" {
  description = "The policy document."
  value = jsonencode({
    Version   = "2012-10-17"
    Statement = [for one in local.statements : merge({ Effect = "Allow" }, one)]
  })
}
