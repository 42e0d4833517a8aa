output "bucket_name" {
  description = "The bucket, once it is encrypted, private and versioned."
  value       = aws_s3_bucket_policy.this.bucket
}
