"""Data files that a power cut or a bad disk damaged. They are moved away, and their rows are read again."""

import datetime as dt
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipelines.lake.store import DAMAGED, Dataset, Lake, load_id_of
from pipelines.raw.clock import as_text, utc_now

RECORD = "damaged.json"


def is_readable(file: str | Path, whole: bool = False) -> bool:
    """Whether a Parquet file has a readable footer; with `whole`, whether all its rows can be read."""
    import pyarrow as pa  # not at the top: `make status` needs the record of damaged files only
    import pyarrow.parquet as pq

    try:
        if whole:
            pq.ParquetFile(file).read()
        else:
            pq.read_metadata(file)
    except (pa.ArrowException, OSError, EOFError):
        return False
    return True


def has_both_ends(file: str | Path) -> bool:
    """Whether a file begins and ends like a Parquet file. An empty, cut or zeroed file does not."""
    try:
        with Path(file).open("rb") as content:
            first = content.read(4)
            content.seek(-4, os.SEEK_END)
            return first == content.read() == b"PAR1"
    except OSError:
        return False


def move_away(dataset: Dataset, paths: Iterable[str]) -> None:
    """Move data files of complete loads into the lake's folder `damaged`, and record that their rows are missing.

    The row hashes come from the data files, so a complete read appends the rows that Spotify still shows.
    """
    lake = dataset.lake
    found = _record(lake)
    completed = dataset.completed()
    for path in paths:
        load_id, file = load_id_of(path), Path(path)
        earlier = [] if ".compacted." in path else [each for each in completed if each < load_id]
        found.append(
            {
                "file": path.removeprefix(f"{lake.root}/"),
                "bytes": file.stat().st_size,
                "loads_after": _time(max(earlier)) if earlier else None,
                "loads_until": _time(load_id),
                "found_at": utc_now().isoformat(timespec="seconds"),
                "is_read_again": False,
            }
        )
        # The record comes first: a kill between the two must not hide the loss.
        lake.write_json(RECORD, {"files": found})
        target = Path(lake.root, DAMAGED, file.relative_to(lake.root))
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
    dataset.refresh()


def move_unreadable_away(dataset: Dataset, paths: Iterable[str]) -> bool:
    """Read the files completely, and move those away that cannot be read. Whether there were any.

    For use after an error: the footer of a file can be whole although its rows are damaged.
    """
    unreadable = [path for path in paths if dataset.lake.is_local and not is_readable(path, whole=True)]
    move_away(dataset, unreadable)
    return bool(unreadable)


def missing_rows(lake: Lake, source: str = "") -> list[str]:
    """One line for each damaged file, of one source or of all, whose rows were not read again yet.

    Objects on S3 are never half written.
    """
    found = _record(lake) if lake.is_local else []
    return [_line(each) for each in found if not each["is_read_again"] and source in ("", _source_of(each))]


def rows_read_again(lake: Lake, sources: Iterable[str]) -> None:
    """Record that a run has read these sources completely since the damage."""
    again = {"is_read_again": True}
    files = [each | again if _source_of(each) in sources else each for each in _record(lake)]
    lake.write_json(RECORD, {"files": files})


def _record(lake: Lake) -> list[dict[str, Any]]:
    return list((lake.read_json(RECORD) or {}).get("files", ()))


def _source_of(found: dict[str, Any]) -> str:
    """The source whose folder held the file."""
    return str(found["file"]).split("/")[0]


def _line(found: dict[str, Any]) -> str:
    after = f"after {found['loads_after']} and " if found["loads_after"] else ""
    return (
        f"data file {found['file']} was damaged ({found['bytes']:,} bytes) and moved to the lake's folder {DAMAGED}; "
        f"its rows, of loads {after}until {found['loads_until']}, are read again, except those that Spotify no "
        "longer shows; a copy of the file from a backup brings these back"
    )


def _time(load_id: str) -> str:
    return as_text(dt.datetime.fromtimestamp(float(load_id), dt.UTC))


def is_whole(file: Path) -> bool:
    """Whether a working file of dlt can be read. Files of other kinds count as whole unless they are empty."""
    content = file.read_bytes()
    if file.name == ".version":
        return re.fullmatch(rb"\d+\.\d+\.\d+", content) is not None
    if file.suffix == ".parquet":
        return is_readable(file)
    if file.suffix == ".json":
        return is_json(content)
    if file.suffix in (".jsonl", ".typed-jsonl"):
        return bool(content) and all(map(is_json, content.splitlines()))
    return bool(content)


def is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True
