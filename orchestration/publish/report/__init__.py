"""The report: one page about the listening, and one page for each year. They need no server and fetch nothing."""
