"""A zip as Spotify builds it."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

MS_DOS = 0
PLACEHOLDER = b"placeholder"
"""The content of the folder's own entry. It comes after the files."""


class Unseekable:
    """A file that is only written to. zipfile then writes data descriptors after the entries, as Spotify does."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write
        self.flush = file.flush


def write_archive(path: Path, folder: str, files: Iterable[tuple[str, bytes]], date: tuple[int, ...]) -> None:
    """Write the files into one folder of a zip. `date` has the year, month, day, hour, minute and second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file, zipfile.ZipFile(Unseekable(file), "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, content in (*files, ("", PLACEHOLDER)):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date)  # type: ignore[arg-type]
            entry.create_system = MS_DOS
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    unfinished.replace(path)
