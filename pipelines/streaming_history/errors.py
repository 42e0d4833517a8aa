"""What keeps an export from being imported."""


class BadExport(Exception):
    """An archive cannot be imported. The message names it, the cause that was seen, and what to do."""

    def __init__(self, message: str, archive_id: str = "") -> None:
        super().__init__(message)
        self.archive_id = archive_id
