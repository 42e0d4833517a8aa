"""Tells the listener at home that a scheduled run needs a person."""
