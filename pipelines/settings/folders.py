"""Folders that depend on what this machine allows."""

import os
import tempfile
from pathlib import Path


def is_writable(folder: Path) -> bool:
    """Whether this user may write into the folder, or make it."""
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    return os.access(existing, os.W_OK | os.X_OK)


def work_folder(wanted: Path) -> Path:
    """The folder, or a folder of this user for temporary files when it cannot be written.

    A container may run the code as a user who owns nothing in it. Working files can be made again.
    """
    if is_writable(wanted):
        return wanted
    return Path(tempfile.gettempdir()) / f"spotify-elt-{os.getuid()}" / wanted.name
