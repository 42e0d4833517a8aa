"""The traceback of the last error in the program, kept in a file of the work folder."""

from pathlib import Path

from orchestration.report.console import relative_path


def keep_traceback(text: str, folder: Path) -> str | None:
    """Write the traceback to `last_error.txt` and return the path for a message; None when it cannot be written."""
    file = folder / "last_error.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    return relative_path(str(file))
