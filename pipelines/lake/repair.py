"""What a kill can leave behind, put right before anything else. Each cure is for a state seen in a sweep of kills."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.lake.place import LOADS, STATES, Lake, json_lines


def mend_working_folder(folder: Path) -> None:
    """Two half-made moves of dlt's on which every later run would fail (dlt #4446 is one of them)."""
    for package in (folder / "load" / "normalized").glob("*"):
        # Committed as normalized, killed before the extracted copy was deleted.
        shutil.rmtree(folder / "normalize" / "extracted" / package.name, ignore_errors=True)
        if (package / "package_completed.json").exists():
            # Loaded and recorded, killed before it was put away.
            shutil.rmtree(package)


def mend_lake(lake: Lake) -> None:
    """Removes what cannot be read, and completes the record of a load whose every row had arrived."""
    _remove_half_written(lake)
    completed = lake.completed()
    for path in lake.records(STATES):
        # dlt writes the state after the last row and before the record of the load; a kill between the two would
        # hide the rows while the cursor has moved.
        load_id = path.rsplit("/", 1)[1].split("__")[1]
        if load_id not in completed:
            record = {
                "load_id": load_id,
                "schema_name": "spotify",
                "status": 0,
                "inserted_at": dt.datetime.now(dt.UTC).isoformat(),
                "schema_version_hash": None,
            }
            lake.write(f"{lake.dataset}/{LOADS}/spotify__{load_id}.jsonl", json.dumps(record).encode())
    _remove_torn_rows(lake, lake.completed())


def _remove_half_written(lake: Lake) -> None:
    """On a local disk a kill leaves a file short under its own name; an object store puts whole objects."""
    if not lake.is_local:
        return
    for path in lake.fs.find(lake.root):
        if path.endswith((".parquet.new", ".json.new", ".jsonl.new")):
            lake.fs.rm_file(path)
    for kind in (LOADS, STATES, "_dlt_version"):
        for path in lake.records(kind):
            try:
                is_whole = bool(json_lines(lake.read_text(path)))
            except ValueError:
                is_whole = False
            if not is_whole:
                lake.fs.rm_file(path)


def _remove_torn_rows(lake: Lake, completed: set[str]) -> None:
    """A torn Parquet file belongs to a load that did not end, and would break every reader of its folder."""
    if not lake.is_local:
        return
    for path in lake.fs.find(lake.dataset):
        if path.endswith(".parquet") and load_id_of(path) not in completed:
            try:
                with lake.fs.open(path) as file:
                    pq.read_metadata(file)
            except (pa.ArrowInvalid, OSError):
                lake.fs.rm_file(path)


def load_id_of(path: str) -> str:
    """`1772037543.15.ab12cd.parquet` was brought by load `1772037543.15`."""
    return ".".join(path.rsplit("/", 1)[1].split(".")[:2])
