"""What the user gave: archives, folders and files of an export. Nothing of their content is read here but its hash."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import xxhash

from pipelines.streaming_history.errors import BadExport

HISTORY = re.compile(r"history|endsong|endvideo|streaming", re.IGNORECASE)
# The account's other files hold addresses, payments, searches and the like. They are never opened.
PRIVATE = re.compile(
    r"userdata|payment|identifier|family|duo|search|inference|userprompt|follow|playlist|library|address|marquee|"
    r"messag|voice|wrapped|soundcapsule|devices|technical|readme",
    re.IGNORECASE,
)
NESTED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True)
class Archive:
    """One zip file, one folder, or one file that was given alone. `files` are those of a folder that may be read."""

    path: Path
    archive_id: str
    files: tuple[Path, ...] = ()

    @property
    def is_zip(self) -> bool:
        return not self.files

    @property
    def name(self) -> str:
        return self.path.name


def archives(paths: Iterable[Path]) -> tuple[list[Archive], list[tuple[str, str]]]:
    """The archives at these paths, each content once, and the names of what is ignored with the reason.

    A zip file inside a folder is an archive of its own. Raises BadExport for a path that does not exist.
    """
    found: dict[str, Archive] = {}
    ignored: list[tuple[str, str]] = []
    for archive in _each(paths, ignored):
        if archive.archive_id in found:
            ignored.append((archive.name, f"it has the same content as {found[archive.archive_id].name}"))
        else:
            found[archive.archive_id] = archive
    return list(found.values()), ignored


def _each(paths: Iterable[Path], ignored: list[tuple[str, str]]) -> Iterator[Archive]:
    for path in paths:
        if path.is_dir():
            yield from _folder(path, ignored)
        elif not path.is_file():
            raise BadExport(f"there is no file {path}; give the zip file, the folder or the JSON files of the export")
        elif _is_json(path):
            yield Archive(path, _hash(path), (path,))
        else:
            yield Archive(path, _hash(path))


def _folder(folder: Path, ignored: list[tuple[str, str]]) -> Iterator[Archive]:
    inside = sorted(path for path in folder.rglob("*") if not is_hidden(path.relative_to(folder).parts))
    links = [path for path in inside if path.is_symlink()]
    ignored += [(path.name, "it is a link") for path in links]
    files = [path for path in inside if path.is_file() and path not in links]
    yield from (Archive(path, _hash(path)) for path in files if path.suffix.lower() == ".zip")
    readable = [files[n] for n in chosen([str(path.relative_to(folder)) for path in files])]
    if readable:
        together = xxhash.xxh3_128("".join(sorted(map(_hash, readable))).encode())
        yield Archive(folder, together.hexdigest(), tuple(readable))


def chosen(names: list[str]) -> list[int]:
    """The places of the names that may be opened: JSON files named as a history, or all others if there are none."""
    bases = [re.split(r"[/\\]", name)[-1] for name in names]
    allowed = [n for n, base in enumerate(bases) if base.lower().endswith(".json") and not base.startswith(".")]
    named = [n for n in allowed if HISTORY.search(bases[n])]
    return named or [n for n in allowed if not PRIVATE.search(bases[n])]


def is_hidden(parts: Iterable[str]) -> bool:
    """Whether a path belongs to the files that macOS adds to archives, or to other hidden files."""
    return any(part == "__MACOSX" or part.startswith(".") for part in parts)


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _hash(path: Path) -> str:
    """32 hex digits. They tell files of one listener apart; nobody gains from two files with the same digits."""
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, xxhash.xxh3_128).hexdigest()
