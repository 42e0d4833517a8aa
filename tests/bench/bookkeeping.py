"""The files that dlt writes beside the rows: taken from one real load and repeated for every generated load."""

import datetime as dt
import gzip
import json
from collections import deque
from pathlib import Path
from typing import Any

from dlt.common.versioned_state import decompress_state
from dlt.pipeline.state_sync import bump_pipeline_state_version_if_modified, state_doc

from pipelines.lake.compact import LOAD_RECORDS
from pipelines.lake.destination import MAX_STATE_FILES
from pipelines.lake.store import LOADS, STATES

Json = dict[str, Any]


class Bookkeeping:
    """Schema, states and load records. `real` is a lake that one `spotify-elt extract` made of the same account."""

    def __init__(self, real: Path) -> None:
        self.real = real
        dataset = real / "spotify"
        # The two loads of the run have two schemas, because dlt marks the tables that have had rows.
        self.samples: list[Json] = [json.loads(file.read_text()) for file in sorted((dataset / LOADS).glob("*.jsonl"))]
        files = sorted((dataset / STATES).glob("*.jsonl"))
        self.states_named = [file.stem.rsplit("__", 1)[1] for file in files]
        self.state: Any = decompress_state(json.loads(files[0].read_text())["state"])
        # With the hash of another state, the first load counts as a change even if its state is that of the real load.
        self.state |= {"_local": {}, "sources": {}, "_state_version": 0, "_version_hash": "of no load"}
        self.states: deque[tuple[str, str, dt.datetime, str]] = deque(maxlen=MAX_STATE_FILES)
        self.loads = 0
        self.record_files: list[list[Json]] = []
        self.is_compacted = False

    def load(self, load_id: str, at: dt.datetime, state: Json, has_rows: bool) -> None:
        """Add one load: its record, and its state if the state changed. A load without both writes nothing."""
        before = self.state["_state_version"]
        self.state["sources"] = {"spotify": json.loads(json.dumps(state))}
        bump_pipeline_state_version_if_modified(self.state)
        is_changed = self.state["_state_version"] != before
        if not is_changed and not has_rows:
            return
        sample = min(self.loads, len(self.samples) - 1)
        self.loads += 1
        if is_changed:
            self.states.append((load_id, self.states_named[sample], at, json.dumps(self.state)))
        record = self.samples[sample] | {"load_id": load_id, "inserted_at": f"{at.isoformat()}+00:00"}
        self.record_files.append([record])

    def compact(self) -> None:
        """Compact the records at the end of a run, as in a real lake."""
        if len(self.record_files) > LOAD_RECORDS:
            self.record_files = [[record for file in self.record_files for record in file]]
            self.is_compacted = True

    def write(self, lake: Path) -> None:
        for file in self.real.rglob("init"):
            target = lake / file.relative_to(self.real)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
        self._write_schema(lake)
        for load_id, named, at, text in self.states:
            doc = state_doc(json.loads(text), load_id) | {"created_at": f"{at.isoformat()}+00:00"}
            file = lake / "spotify" / STATES / f"spotify__{load_id}__{named}.jsonl"
            _write(file, [dict(doc)])
        folder = lake / "spotify" / LOADS
        folder.mkdir(parents=True, exist_ok=True)
        for number, records in enumerate(self.record_files):
            name = f"spotify__{records[-1]['load_id']}"
            if self.is_compacted and number == 0:
                lines = "".join(f'{{"load_id":"{one["load_id"]}","status":0}}\n' for one in records)
                (folder / f"{name}.compacted.jsonl.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))
            else:
                _write(folder / f"{name}.jsonl", records)

    def _write_schema(self, lake: Path) -> None:
        first = self.record_files[0][0]
        for file in self.real.glob("spotify/_dlt_version/*.jsonl"):
            name, _, version = file.stem.split("__")
            text = json.loads(file.read_text()) | {"inserted_at": first["inserted_at"]}
            _write(lake / "spotify" / "_dlt_version" / f"{name}__{first['load_id']}__{version}.jsonl", [text])


def _write(file: Path, records: list[Json]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(json.dumps(record, separators=(",", ":")) for record in records), encoding="utf-8")
