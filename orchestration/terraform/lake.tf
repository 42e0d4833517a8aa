# The bucket: private, encrypted, TLS only, versioned. It holds the lake, the dbt tables and the results of queries.

locals {
  # The ARN is built from the name, because aws_s3_bucket.lake.arn is unknown until the bucket exists. With this value
  # `terraform plan` shows the complete policies before they are applied.
  bucket_arn = "arn:aws:s3:::${var.bucket_name}"

  lake_statements = [
    {
      # No condition on s3:prefix. S3 answers 403 instead of 404 for an absent object if the caller may not list the
      # bucket, and s3fs treats 403 as a failure.
      Sid      = "FindObjects"
      Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
      Resource = [local.bucket_arn]
    },
    {
      Sid      = "KeepTheLake"
      Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = ["${local.bucket_arn}/lake/*"]
    },
  ]
}

resource "aws_s3_bucket" "lake" {
  bucket        = var.bucket_name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_ownership_controls" "lake" {
  bucket = aws_s3_bucket.lake.bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "lake" {
  bucket = aws_s3_bucket.lake.bucket

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "lake" {
  bucket = aws_s3_bucket_public_access_block.lake.bucket

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_server_side_encryption_configuration" "lake" {
  bucket = aws_s3_bucket.lake.bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256" # a KMS key costs 1 dollar a month, more than everything else here
    }
  }
}

# Spotify returns only the last 50 plays, so nobody can extract a deleted lake again. Versioning keeps deleted objects.
# The workflow's role may delete objects, but not their old versions.
resource "aws_s3_bucket_versioning" "lake" {
  bucket = aws_s3_bucket.lake.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket = aws_s3_bucket_versioning.lake.bucket

  rule {
    id     = "query-results"
    status = "Enabled"

    filter {
      prefix = "athena-results/"
    }

    expiration {
      days = 7
    }
  }

  rule {
    id     = "left-behind"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.old_versions_days
    }

    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}
