"""Writes a small lake as the loader does: Parquet files by table and month, one JSON line per complete load."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.raw.table import Table
from pipelines.spotify.tables import TABLES

ARROW = {
    "text": pa.string(),
    "bigint": pa.int64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("ms"),
    "date": pa.date32(),
}
Row = Mapping[str, Any]


def at(text: str) -> dt.datetime:
    """`at("2026-05-01 10:00")`: a naive UTC time."""
    return dt.datetime.fromisoformat(text)


class Lake:
    """A lake with numbered loads. Load n was read on day n of May 2026."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "spotify" / "_dlt_loads").mkdir(parents=True, exist_ok=True)
        (folder / "spotify" / "_dlt_loads" / "init").touch()
        (folder / "lake.json").write_text('{"layout": 1}')

    def load(
        self,
        number: int,
        *,
        is_complete: bool = True,
        files: int = 1,
        read_at: dt.datetime | None = None,
        without: Sequence[str] = (),
        **tables: Sequence[Row],
    ) -> None:
        """Write the rows of one load into `files` files. Other columns are null; those in `without` are absent."""
        load_id = f"{1770000000 + number}.5"
        seen = read_at or dt.datetime(2026, 5, 1) + dt.timedelta(days=number - 1)
        for name, rows in tables.items():
            month = self.folder / "spotify" / name / f"load_month={seen:%Y-%m}"
            month.mkdir(parents=True, exist_ok=True)
            for copy in range(files):
                pq.write_table(_arrow(TABLES[name], rows, load_id, seen, without), month / f"{load_id}.{copy}.parquet")
        if is_complete:
            record = {"load_id": load_id, "schema_name": "spotify", "status": 0, "inserted_at": f"{seen}+00:00"}
            with (self.folder / "spotify" / "_dlt_loads" / "spotify__compacted.jsonl").open("a") as file:
                file.write(json.dumps(record | {"schema_version_hash": "h"}) + "\n")


def _arrow(table: Table, rows: Sequence[Row], load_id: str, read_at: dt.datetime, without: Sequence[str]) -> pa.Table:
    whole = [_whole(table, row, read_at) | {"_dlt_load_id": load_id, "_dlt_id": str(n)} for n, row in enumerate(rows)]
    fields = [pa.field(column.name, ARROW[column.type]) for column in table.all_columns if column.name not in without]
    fields += [pa.field("_dlt_load_id", pa.string()), pa.field("_dlt_id", pa.string())]
    return pa.Table.from_pylist(whole, schema=pa.schema(fields))


def _whole(table: Table, row: Row, read_at: dt.datetime) -> dict[str, Any]:
    unknown = set(row) - {column.name for column in table.all_columns}
    assert not unknown, f"{table.name} has no {unknown}"
    whole = {column.name: row.get(column.name) for column in table.columns}
    if table.is_list:
        whole["is_removed"] = bool(row.get("is_removed"))
    digest = hashlib.sha256(json.dumps(whole, default=str, sort_keys=True).encode()).hexdigest()
    return whole | {"read_at": row.get("read_at", read_at), "row_hash": digest}


def track(track_id: str, **columns: Any) -> dict[str, Any]:
    return {"track_uri": f"spotify:track:{track_id}", "track_id": track_id, "duration_ms": 200_000} | columns


def snapshot(playlist_id: str, snapshot_id: str, **columns: Any) -> dict[str, Any]:
    return {"playlist_id": playlist_id, "snapshot_id": snapshot_id, "outcome": "read"} | columns


def item(playlist_id: str, snapshot_id: str, position: int, track_id: str, **columns: Any) -> dict[str, Any]:
    address = {"item_type": "track", "item_id": track_id, "item_uri": f"spotify:track:{track_id}"}
    return {"playlist_id": playlist_id, "snapshot_id": snapshot_id, "position": position} | address | columns
