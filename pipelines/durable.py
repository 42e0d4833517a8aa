"""File writes that survive a power cut: the content is on the disk before the file gets its name."""

import os
from collections.abc import Iterable
from pathlib import Path

NEW = ".new"


def write(file: Path, content: bytes, mode: int = 0o666) -> None:
    """Replace a file by `content`. A reader sees the old or the new content, also after a kill or a power cut.

    A kill can leave `<name>.new`; the next write of the file replaces it. Creates the folder. Raises OSError.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(file.name + NEW)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    with os.fdopen(handle, "wb") as out:
        if mode != 0o666:
            os.fchmod(handle, mode)  # a file that a kill left may have another mode
        out.write(content)
        out.flush()
        os.fsync(handle)
    new.replace(file)
    _sync(file.parent)


def sync(files: Iterable[Path], top: Path) -> None:
    """Bring files that another library wrote to the disk, with their names in the folders up to `top`."""
    folders = set()
    for file in files:
        _sync(file)
        folders |= {folder for folder in file.parents if folder.is_relative_to(top)}
    for folder in folders:
        _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():
            raise
        # Some network file systems cannot sync a folder. They send a rename to the server at once.
    finally:
        os.close(handle)
