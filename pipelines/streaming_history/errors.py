"""What keeps an export from being imported."""


class BadExport(Exception):
    """An export cannot be imported. The message names it, the cause that was seen, and what to do."""
