"""Runs killed at chosen file calls, and what the next run makes of it."""
