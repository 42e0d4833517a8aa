"""Opens a page in the browser of the user."""

import sys
import webbrowser
from pathlib import Path

# They would take over the terminal, and some pages need JavaScript.
TEXT_BROWSERS = {"www-browser", "elinks", "links", "lynx", "w3m"}


def show(page: Path) -> None:
    """Open a file when the output is a terminal and the browser has a window of its own."""
    if sys.stdout.isatty() and not is_text_browser():
        webbrowser.open(page.as_uri())


def is_text_browser() -> bool:
    try:
        return Path(getattr(webbrowser.get(), "name", "")).name in TEXT_BROWSERS
    except webbrowser.Error:
        return False
