"""The folder that can be published: a first page, the report, the docs of the tables, and the questions."""
