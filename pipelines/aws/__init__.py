"""All code that uses boto3: Glue, error codes, usage and Parameter Store."""
