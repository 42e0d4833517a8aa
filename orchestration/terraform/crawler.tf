# A Glue crawler over the lake, for accounts whose rules ask for one. No model reads its tables: the program registers the
# raw tables itself, with the declared types (docs/decisions/0009). Exists only if crawler is true.

locals {
  crawled = "${var.glue_prefix}_crawled"
}

resource "aws_glue_catalog_database" "crawled" {
  count = var.crawler ? 1 : 0

  name = local.crawled
}

resource "aws_iam_role" "crawler" {
  count = var.crawler ? 1 : 0

  name        = "${var.role_name}-crawler"
  description = "Lets Glue's crawler read the lake of spotify-elt."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "glue.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "crawler" {
  count = var.crawler ? 1 : 0

  name = "run"
  role = aws_iam_role.crawler[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetBucketLocation", "s3:ListBucket"], Resource = [local.bucket_arn] },
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = ["${local.bucket_arn}/lake/*"] },
      {
        Effect = "Allow"
        Action = [
          "glue:BatchCreatePartition", "glue:BatchGetPartition", "glue:CreatePartition", "glue:CreateTable",
          "glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables",
          "glue:UpdatePartition", "glue:UpdateTable",
        ]
        Resource = [
          local.catalog, "${local.glue_arn}:database/${local.crawled}", "${local.glue_arn}:table/${local.crawled}/*",
        ]
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:${var.region}:${local.account_id}:log-group:/aws-glue/crawlers*"]
      },
    ]
  })
}

resource "aws_glue_crawler" "lake" {
  for_each = var.crawler ? toset(local.sources) : toset([])

  name          = "${var.role_name}-${replace(each.key, "_", "-")}"
  role          = aws_iam_role.crawler[0].arn
  database_name = aws_glue_catalog_database.crawled[0].name
  table_prefix  = "${each.key}__"
  schedule      = var.crawler_schedule

  s3_target {
    path       = "s3://${aws_s3_bucket.lake.bucket}/lake/${each.key}/"
    exclusions = ["_dlt_*/**", "init"]
  }

  # A table is the fourth level: bucket, lake, source, table. The folders load_month=YYYY-MM below it are partitions.
  configuration = jsonencode({
    Version  = 1.0
    Grouping = { TableGroupingPolicy = "CombineCompatibleSchemas", TableLevelConfiguration = 4 }
  })

  schema_change_policy {
    update_behavior = "UPDATE_IN_DATABASE"
    delete_behavior = "LOG"
  }

  depends_on = [aws_iam_role_policy.crawler]
}
