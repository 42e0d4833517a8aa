"""The command line: runs the load and dbt in order, prints what they did, and works with GitHub and Terraform."""
