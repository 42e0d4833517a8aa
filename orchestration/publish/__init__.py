"""What is made from the marts for people: the report, the docs site, exports."""
