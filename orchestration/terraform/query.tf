# The Glue databases and the Athena work group. The program creates the raw tables in Glue; dbt creates the others.

locals {
  layers = ["raw", "staging", "intermediate", "marts"]

  glue_arn    = "arn:aws:glue:${var.region}:${local.account_id}"
  catalog     = "${local.glue_arn}:catalog"
  databases   = { for layer in local.layers : layer => "${local.glue_arn}:database/${var.glue_prefix}_${layer}" }
  glue_tables = { for layer in local.layers : layer => "${local.glue_arn}:table/${var.glue_prefix}_${layer}/*" }

  query_statements = [
    {
      Sid = "WriteTables"
      Action = [
        "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject",
      ]
      Resource = ["${local.bucket_arn}/tables/*"]
    },
    {
      Sid      = "WriteResults"
      Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      Resource = ["${local.bucket_arn}/athena-results/*"]
    },
    {
      Sid = "Query"
      Action = [
        "athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetWorkGroup", "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ]
      Resource = ["arn:aws:athena:${var.region}:${local.account_id}:workgroup/${var.work_group}"]
    },
    {
      # IAM compares the names of resources by case. dbt writes the name in lower case, AWS in mixed case.
      Sid    = "FindTheDataCatalog"
      Action = ["athena:GetDataCatalog"]
      Resource = [
        for name in ["AwsDataCatalog", "awsdatacatalog"] :
        "arn:aws:athena:${var.region}:${local.account_id}:datacatalog/${name}"
      ]
    },
    {
      Sid      = "FindCatalogs"
      Action   = ["glue:GetCatalog", "glue:GetCatalogs"]
      Resource = [local.catalog]
    },
    {
      # Athena looks up the database `default` for every statement.
      Sid      = "FindDatabases"
      Action   = ["glue:GetDatabase", "glue:GetDatabases"]
      Resource = concat([local.catalog, "${local.glue_arn}:database/default"], values(local.databases))
    },
    {
      # Athena looks for partitions of every table that a statement reads or makes, also of one that has none.
      Sid      = "ReadTables"
      Action   = ["glue:BatchGetPartition", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"]
      Resource = concat([local.catalog], values(local.databases), values(local.glue_tables))
    },
    {
      Sid      = "RegisterRawTables"
      Action   = ["glue:CreateTable", "glue:UpdateTable"]
      Resource = [local.catalog, local.databases.raw, local.glue_tables.raw]
    },
    {
      Sid = "ReplaceViews"
      Action = [
        "glue:CreateTable", "glue:DeleteTable", "glue:DeleteTableVersion", "glue:GetTableVersions", "glue:UpdateTable",
      ]
      Resource = [
        local.catalog,
        local.databases.staging, local.glue_tables.staging,
        local.databases.intermediate, local.glue_tables.intermediate,
      ]
    },
    {
      Sid = "BuildMarts"
      Action = [
        "glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:CreateTable", "glue:DeleteTable",
        "glue:DeleteTableVersion", "glue:GetTableVersions", "glue:UpdateTable",
      ]
      Resource = [local.catalog, local.databases.marts, local.glue_tables.marts]
    },
  ]
}

resource "aws_glue_catalog_database" "layer" {
  for_each = toset(local.layers)

  name = "${var.glue_prefix}_${each.key}"
}

resource "aws_athena_workgroup" "elt" {
  name          = var.work_group
  force_destroy = true # a destroy would otherwise fail, because the work group holds a history of queries

  configuration {
    # If this were true, Athena would refuse the CREATE TABLE AS statements of dbt, which set external_location. The
    # scan limit holds in both cases, because a request cannot override it.
    enforce_workgroup_configuration = false
    bytes_scanned_cutoff_per_query  = var.scan_limit_bytes

    result_configuration {
      output_location = "s3://${aws_s3_bucket.lake.bucket}/athena-results/"

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}
