# An e-mail before the account spends more than planned. AWS forecasts only after about five weeks of use, so the second
# notification counts what was spent.

resource "aws_budgets_budget" "monthly" {
  name         = "spotify-elt"
  budget_type  = "COST"
  limit_amount = tostring(var.budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = ["FORECASTED", "ACTUAL"]

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value
      threshold                  = 80
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = [var.alert_email]
    }
  }
}
