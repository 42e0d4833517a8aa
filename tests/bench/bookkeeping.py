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
        self.record: Json = json.loads(next((dataset / LOADS).glob("*.jsonl")).read_text())
        file = next((dataset / STATES).glob("*.jsonl"))
        self.states_named = file.stem.rsplit("__", 1)[1]
        self.state: Any = decompress_state(json.loads(file.read_text())["state"])
        self.state |= {"_local": {}, "sources": {}, "_state_version": 0}
        self.states: deque[tuple[str, dt.datetime, str]] = deque(maxlen=MAX_STATE_FILES)
        self.records: list[Json] = []
        self.record_files: list[list[Json]] = []
        self.is_compacted = False

    def load(self, load_id: str, at: dt.datetime, state: Json) -> None:
        """Add one load: its record, and its state if the state changed. Records are compacted as in a real lake."""
        before = self.state["_state_version"]
        self.state["sources"] = {"spotify": json.loads(json.dumps(state))}
        bump_pipeline_state_version_if_modified(self.state)
        if self.state["_state_version"] != before:
            self.states.append((load_id, at, json.dumps(self.state)))
        record = self.record | {"load_id": load_id, "inserted_at": f"{at.isoformat()}+00:00"}
        self.record_files.append([record])
        if len(self.record_files) > LOAD_RECORDS:
            self.record_files = [[record for file in self.record_files for record in file]]
            self.is_compacted = True

    def write(self, lake: Path) -> None:
        for file in self.real.rglob("init"):
            target = lake / file.relative_to(self.real)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
        self._write_schema(lake)
        for load_id, at, text in self.states:
            doc = state_doc(json.loads(text), load_id) | {"created_at": f"{at.isoformat()}+00:00"}
            file = lake / "spotify" / STATES / f"spotify__{load_id}__{self.states_named}.jsonl"
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
