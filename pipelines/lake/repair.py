"""What a kill can leave behind, put right before anything else. Each cure is for a state seen in a sweep of kills."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.lake.store import LOADS, STATES, Lake, completed_in, json_lines


def repair_working_folder(folder: Path) -> None:
    """Two half-made moves of dlt's on which every later run would fail (dlt #4446 is one of them)."""
    for package in (folder / "load" / "normalized").glob("*"):
        # Committed as normalized, killed before the extracted copy was deleted.
        shutil.rmtree(folder / "normalize" / "extracted" / package.name, ignore_errors=True)
        if (package / "package_completed.json").exists():
            # Loaded and recorded, killed before it was put away.
            shutil.rmtree(package)


def repair_lake(lake: Lake) -> set[str]:
    """Removes what cannot be read, records a load whose every row had arrived, and gives the complete ids."""
    completed = completed_in(_readable(lake, LOADS).values())
    # A state on S3 came with one PUT: it is whole, and its name says enough.
    for path in _readable(lake, STATES) if lake.is_local else lake.records(STATES):
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
            completed.add(load_id)
    if lake.is_local:
        _readable(lake, "_dlt_version")
        _remove_half_written(lake, completed)
    return completed


def _readable(lake: Lake, kind: str) -> dict[str, str]:
    """dlt's records of one kind by path. On a local disk a kill can leave one empty or torn: that one goes."""
    texts = lake.texts(lake.records(kind))
    for path, text in list(texts.items()):
        try:
            is_whole = bool(json_lines(text))
        except ValueError:
            is_whole = False
        if not is_whole and lake.is_local:
            lake.remove([path])
            del texts[path]
    return texts


def _remove_half_written(lake: Lake, completed: set[str]) -> None:
    """A kill leaves files short: ours under `.new`, dlt's under their own name, where they break every reader."""
    for path in lake.fs.find(lake.root):
        if path.endswith((".parquet.new", ".json.new", ".jsonl.new", ".jsonl.gz.new")):
            lake.remove([path])
        elif path.endswith(".parquet") and load_id_of(path) not in completed:
            try:
                with lake.fs.open(path) as file:
                    pq.read_metadata(file)
            except (pa.ArrowInvalid, OSError):
                lake.remove([path])


def load_id_of(path: str) -> str:
    """`1772037543.15.ab12cd.parquet` was brought by load `1772037543.15`."""
    return ".".join(path.rsplit("/", 1)[1].split(".")[:2])
