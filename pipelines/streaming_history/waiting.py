"""The folder `data/imports`: archives that wait for the next run. They stay there, and each is imported once.

The lake knows which archives it has. So that a run need not ask it, the work folder keeps the names, sizes and times
of the files that were in the folder at the last import.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pipelines import durable
from pipelines.settings import Settings

NAME = "streaming_history"
Stamp = list[list[str | int]]


def is_due(settings: Settings) -> bool:
    """Whether a file came or changed since the last import, the lake was lost, or a kill left a load package."""
    stamp = stamp_of(settings)
    is_new = bool(stamp) and (stamp != _last(settings) or _is_lost(settings))
    return is_new or _is_pending(settings.working_dir / NAME)


def entries(settings: Settings) -> list[Path]:
    """The archives, folders and files that lie in the folder, sorted by name."""
    folder = settings.imports_dir
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []


def stamp_of(settings: Settings) -> Stamp:
    """Name, size and time of each file in the folder."""
    return [
        [str(file.relative_to(settings.imports_dir)), file.stat().st_size, file.stat().st_mtime_ns]
        for entry in entries(settings)
        for file in _files(entry)
    ]


def keep(settings: Settings, stamp: Stamp) -> None:
    """Remember the files that were imported."""
    durable.write(_file(settings), json.dumps(stamp).encode())


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    elif path.is_file():
        yield path


def _file(settings: Settings) -> Path:
    return settings.working_dir / f"{NAME}.imported"


def _last(settings: Settings) -> Stamp | None:
    try:
        found: Stamp = json.loads(_file(settings).read_bytes())
    except (OSError, ValueError):
        return None
    return found


def _is_lost(settings: Settings) -> bool:
    """Whether a lake in a folder has no imports, although files were imported into it."""
    return not settings.lake_url.startswith("s3://") and not Path(settings.lake_url, NAME).is_dir()


def _is_pending(folder: Path) -> bool:
    return any(any(folder.glob(f"{packages}/*")) for packages in ("normalize/extracted", "load/normalized"))
