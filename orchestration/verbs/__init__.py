"""One function for each verb of the command line. It prints, and returns the exit code."""
