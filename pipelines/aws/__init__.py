"""All code that uses boto3: Glue, error codes, session and Parameter Store."""
