# What a run does, and nothing else: tests/terraform/calls.json lists every call with its reason, and a test holds the
# two against each other. ARNs are written from names, so that the plan shows the whole policy before anybody says yes.
locals {
  bucket  = "arn:aws:s3:::${var.bucket_name}"
  glue    = "arn:aws:glue:${var.region}:${var.account_id}"
  catalog = "${local.glue}:catalog"

  database = { for one in ["raw", "staging", "intermediate", "marts"] : one => "${local.glue}:database/${var.glue_prefix}_${one}" }
  tables   = { for one in ["raw", "staging", "intermediate", "marts"] : one => "${local.glue}:table/${var.glue_prefix}_${one}/*" }

  statements = [
    {
      # Without s3:prefix: S3 answers 403 instead of 404 for an absent object to whoever may not list the bucket.
      Sid      = "FindObjects"
      Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
      Resource = [local.bucket]
    },
    {
      Sid      = "KeepTheLake"
      Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = ["${local.bucket}/lake/*"]
    },
    {
      Sid = "WriteTables"
      Action = [
        "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject",
      ]
      Resource = ["${local.bucket}/tables/*"]
    },
    {
      Sid      = "WriteResults"
      Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      Resource = ["${local.bucket}/athena-results/*"]
    },
    {
      Sid = "Query"
      Action = [
        "athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetWorkGroup", "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ]
      Resource = ["arn:aws:athena:${var.region}:${var.account_id}:workgroup/${var.work_group}"]
    },
    {
      # Athena looks for the database `default`, whatever is asked.
      Sid      = "FindDatabases"
      Action   = ["glue:GetDatabase", "glue:GetDatabases"]
      Resource = concat([local.catalog, "${local.glue}:database/default"], values(local.database))
    },
    {
      Sid      = "RegisterRawTables"
      Action   = ["glue:CreateTable", "glue:GetTable", "glue:GetTables", "glue:UpdateTable"]
      Resource = [local.catalog, local.database.raw, local.tables.raw]
    },
    {
      Sid = "ReplaceViews"
      Action = [
        "glue:CreateTable", "glue:DeleteTable", "glue:DeleteTableVersion", "glue:GetTable", "glue:GetTables",
        "glue:GetTableVersions", "glue:UpdateTable",
      ]
      Resource = [
        local.catalog,
        local.database.staging, local.tables.staging,
        local.database.intermediate, local.tables.intermediate,
      ]
    },
    {
      Sid = "BuildMarts"
      Action = [
        "glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:BatchGetPartition", "glue:CreateTable",
        "glue:DeleteTable", "glue:DeleteTableVersion", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable",
        "glue:GetTables", "glue:GetTableVersions", "glue:UpdateTable",
      ]
      Resource = [local.catalog, local.database.marts, local.tables.marts]
    },
    {
      # The key aws/ssm answers to whoever may use the parameter
      Sid      = "KeepTheToken"
      Action   = ["ssm:GetParameter", "ssm:PutParameter"]
      Resource = ["arn:aws:ssm:${var.region}:${var.account_id}:parameter${var.parameter_name}"]
    },
  ]
}
