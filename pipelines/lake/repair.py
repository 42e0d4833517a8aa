"""Repairs what a killed run can leave behind. Every run does this first. tests/kills finds these states."""

import datetime as dt
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.lake.store import LOADS, STATES, Dataset, Lake, completed_in, json_lines


def repair_working_folder(folder: Path) -> None:
    """Finish two moves of dlt that a kill can interrupt. Otherwise every later run would fail (dlt issue 4446)."""
    for package in (folder / "load" / "normalized").glob("*"):
        # dlt was killed after it stored the normalized package and before it deleted the extracted one.
        shutil.rmtree(folder / "normalize" / "extracted" / package.name, ignore_errors=True)
        if (package / "package_completed.json").exists():
            # dlt was killed after it loaded the package and before it moved the package away.
            shutil.rmtree(package)


def repair_lake(lake: Lake, sources: Iterable[str]) -> None:
    """Repair the datasets of the named sources."""
    for source in sources:
        repair_dataset(lake.dataset(source))


def repair_dataset(dataset: Dataset) -> set[str]:
    """Remove unreadable files, add missing records of complete loads, and return the ids of all complete loads."""
    completed = completed_in(_readable(dataset, LOADS).values())
    # A PUT on S3 is atomic, so a state file on S3 is complete, and its name is enough.
    for path in _readable(dataset, STATES) if dataset.lake.is_local else dataset.records(STATES):
        # dlt writes the state after the last row and before the record of the load. A kill between the two would
        # hide the rows although the cursors have moved.
        load_id = path.rsplit("/", 1)[1].split("__")[1]
        if load_id not in completed:
            record = {
                "load_id": load_id,
                "schema_name": dataset.source,
                "status": 0,
                "inserted_at": dt.datetime.now(dt.UTC).isoformat(),
                "schema_version_hash": None,
            }
            dataset.write(f"{dataset.root}/{LOADS}/{dataset.source}__{load_id}.jsonl", json.dumps(record).encode())
            completed.add(load_id)
    if dataset.lake.is_local:
        _readable(dataset, "_dlt_version")
        _remove_incomplete_files(dataset, completed)
    return completed


def _readable(dataset: Dataset, kind: str) -> dict[str, str]:
    """dlt's records of one kind, by path. A kill can leave an empty or cut file on a local disk; it is removed."""
    texts = dataset.lake.texts(dataset.records(kind))
    for path, text in list(texts.items()):
        try:
            is_whole = bool(json_lines(text))
        except ValueError:
            is_whole = False
        if not is_whole and dataset.lake.is_local:
            dataset.remove([path])
            del texts[path]
    return texts


def _remove_incomplete_files(dataset: Dataset, completed: set[str]) -> None:
    """Remove files that a kill cut short.

    Our own end in `.new`. Those of dlt already have their final name, and every reader would fail on them.
    """
    for path in dataset.lake.fs.find(dataset.lake.root):
        if path.endswith((".parquet.new", ".json.new", ".jsonl.new", ".jsonl.gz.new")):
            dataset.remove([path])
        elif path.startswith(f"{dataset.root}/") and path.endswith(".parquet") and load_id_of(path) not in completed:
            try:
                with dataset.lake.fs.open(path) as file:
                    pq.read_metadata(file)
            except (pa.ArrowInvalid, OSError):
                dataset.remove([path])


def load_id_of(path: str) -> str:
    """The id of the load that wrote a data file: `1772037543.15` for `1772037543.15.ab12cd.parquet`."""
    return ".".join(path.rsplit("/", 1)[1].split(".")[:2])
