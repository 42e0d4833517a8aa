"""The lake on S3, the token in AWS: against moto on loopback."""
