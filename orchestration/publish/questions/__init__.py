"""Ten questions to the marts, one file each: a title, what to know, and the SQL."""
