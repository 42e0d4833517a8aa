"""Repairs what a killed run or a power cut can leave behind. Every run does this first.

tests/kills and tests/lake/test_damage.py make these states.
"""

import datetime as dt
import glob
import json
import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.durable import NEW
from pipelines.lake import damage
from pipelines.lake.store import LOADS, STATES, VERSIONS, Dataset, Lake, completed_in, json_lines, load_id_of, plain

# A power cut damages what was written last. Parsing the footers of all files of an old lake would take half a second.
CHECKED_LOADS = 3


def repair_working_folder(folder: Path) -> None:
    """Finish two moves of dlt that a kill can interrupt. Otherwise every later run would fail (dlt issue 4446).

    A folder with a damaged file is deleted: the lake holds the state, and an unfinished load is read again.
    """
    for package in (folder / "load" / "normalized").glob("*"):
        # dlt was killed after it stored the normalized package and before it deleted the extracted one.
        shutil.rmtree(folder / "normalize" / "extracted" / package.name, ignore_errors=True)
        if (package / "package_completed.json").exists():
            # dlt was killed after it loaded the package and before it moved the package away.
            shutil.rmtree(package)
    if not all(map(damage.is_whole, _working_files(folder))):
        shutil.rmtree(folder)


def _working_files(folder: Path) -> Iterator[Path]:
    """The files that dlt reads again: state, schemas, versions, and pending load packages."""
    for pattern in ("state.json", "schemas/*", "*/.version", "load/normalized/**/*", "normalize/extracted/**/*"):
        yield from (file for file in folder.glob(pattern) if file.is_file())


def repair_lake(lake: Lake, sources: Iterable[str]) -> None:
    """Repair the datasets of the named sources."""
    for source in sources:
        repair_dataset(lake.dataset(source))


def repair_rows(lake: Lake, sources: Iterable[str]) -> bool:
    """Read all data files, and move the unreadable ones away. Whether there were any. For use after a failed build."""
    found = False
    for dataset in map(lake.dataset, sources if lake.is_local else ()):
        files = [path for path in dataset.sizes if path.endswith(".parquet")]
        found = damage.move_unreadable_away(dataset, files) or found
    return found


def repair_dataset(dataset: Dataset) -> set[str]:
    """Remove or replace damaged files, add missing records of complete loads, and return the ids of complete loads."""
    if not dataset.lake.is_local:
        # A PUT on S3 is atomic, so no file is damaged.
        completed = dataset.completed()
        _add_records(dataset, completed, map(_load_id, dataset.records(STATES)))
        return completed
    loads, damaged = _remove_damaged(dataset, LOADS)
    completed = completed_in(loads.values())
    _remove_damaged(dataset, VERSIONS)
    _empty_damaged_init(dataset)
    states, damaged_states = _remove_damaged(dataset, STATES)
    # dlt writes the state after the last row, and the record of the load after the state. So the name of either file
    # says that all rows of the load are in the lake, even if a kill or a power cut emptied the file.
    one_load = [path for path in damaged if path.count("__") == 1 and not path.endswith(".gz")]
    _add_records(dataset, completed, map(_load_id, [*states, *damaged_states, *one_load]))
    for path in set(damaged) - set(one_load):
        _add_records(dataset, completed, _loads_in_data(dataset, until=_load_id(path)))
    _remove_damaged_rows(dataset, completed)
    return completed


def _load_id(path: str) -> str:
    """The load id in the name of a record of dlt: `<source>__<load id>.jsonl`, `<source>__<load id>__<hash>.jsonl`."""
    return load_id_of(path.rsplit("/", 1)[1].split("__")[1])


def _add_records(dataset: Dataset, completed: set[str], load_ids: Iterable[str]) -> None:
    """Record loads as complete, in the form of dlt. A missing record hides rows that the cursors count as read."""
    for load_id in set(load_ids) - completed:
        record = {
            "load_id": load_id,
            "schema_name": dataset.source,
            "status": 0,
            "inserted_at": dt.datetime.now(dt.UTC).isoformat(),
            "schema_version_hash": None,
        }
        dataset.write(f"{dataset.root}/{LOADS}/{dataset.source}__{load_id}.jsonl", json.dumps(record).encode())
        completed.add(load_id)


def _loads_in_data(dataset: Dataset, until: str) -> set[str]:
    """The loads up to `until` that have rows in the lake: the content of a file that merged many load records."""
    import duckdb  # not at the top: a build on Athena repairs the lake too, and needs no DuckDB

    files = [glob.escape(path) for path in dataset.sizes if path.endswith(".parquet") and damage.is_readable(path)]
    with duckdb.connect() as db:
        query = "select distinct _dlt_load_id from read_parquet(?, union_by_name = true) where _dlt_load_id <= ?"
        return {row[0] for row in db.execute(query, [files, until]).fetchall()} if files else set()


def _remove_damaged(dataset: Dataset, kind: str) -> tuple[dict[str, str], list[str]]:
    """dlt's records of one kind, by path, and the paths of those that could not be read and were removed."""
    texts, damaged = {}, []
    for path, content in dataset.lake.contents(dataset.records(kind)).items():
        try:
            texts[path] = plain(path, content)
            if not json_lines(texts[path]):
                raise ValueError("no record")
        except (ValueError, OSError, EOFError, zlib.error):
            texts.pop(path, None)
            damaged.append(path)
    dataset.remove(damaged)
    return texts, damaged


def _empty_damaged_init(dataset: Dataset) -> None:
    """dlt writes its file `init` again when it is empty, and fails when it is damaged in another way."""
    init = Path(dataset.root, "init")
    if init.exists() and not damage.is_json(init.read_bytes()):
        dataset.write(str(init), b"")


def _remove_damaged_rows(dataset: Dataset, completed: set[str]) -> None:
    """Remove files that a kill cut short, and move damaged files of complete loads away: readers fail on both."""
    for path in dataset.lake.fs.find(dataset.lake.root):
        if path.endswith(NEW):
            dataset.remove([path])
    newest = sorted(completed)[-CHECKED_LOADS:]
    older = completed - set(newest)
    files = [path for path in dataset.sizes if path.endswith(".parquet")]
    unreadable = [
        path
        for path in files
        if not (damage.has_both_ends(path) if load_id_of(path) in older else damage.is_readable(path))
    ]
    dataset.remove([path for path in unreadable if load_id_of(path) not in completed])
    damage.move_away(dataset, [path for path in unreadable if load_id_of(path) in completed])
