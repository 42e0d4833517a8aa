"""Writes a small lake as the loader does: Parquet files by table and month, one JSON line per complete load."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.raw.arrow import TYPES
from pipelines.raw.table import Table
from pipelines.spotify import tables as spotify
from pipelines.streaming_history import tables as streaming_history

Row = Mapping[str, Any]
SOURCES = {"spotify": spotify.TABLES, "streaming_history": streaming_history.TABLES}
RAW_TABLES = {source: tuple(tables.values()) for source, tables in SOURCES.items()}


def at(text: str) -> dt.datetime:
    """`at("2026-05-01 10:00")`: a naive UTC time."""
    return dt.datetime.fromisoformat(text)


class Lake:
    """A lake with numbered loads. Load n was read on day n of May 2026."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for source in SOURCES:
            (folder / source / "_dlt_loads").mkdir(parents=True, exist_ok=True)
            (folder / source / "_dlt_loads" / "init").touch()
        (folder / "lake.json").write_text('{"layout": 1, "accounts": [], "columns": {}}')

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
        """Write the rows of one load into `files` files. Other columns are null; those in `without` are absent.

        The names of the tables say to which source each belongs. A source without rows gets an empty load.
        """
        load_id = f"{1770000000 + number}.5"
        seen = read_at or dt.datetime(2026, 5, 1) + dt.timedelta(days=number - 1)
        for source, known in SOURCES.items():
            for name in known.keys() & tables.keys():
                month = self.folder / source / name / f"load_month={seen:%Y-%m}"
                month.mkdir(parents=True, exist_ok=True)
                rows = _arrow(known[name], tables[name], load_id, seen, without)
                for copy in range(files):
                    pq.write_table(rows, month / f"{load_id}.{copy}.parquet")
            if is_complete:
                record = {"load_id": load_id, "schema_name": source, "status": 0, "inserted_at": f"{seen}+00:00"}
                with (self.folder / source / "_dlt_loads" / f"{source}__compacted.jsonl").open("a") as file:
                    file.write(json.dumps(record | {"schema_version_hash": "h"}) + "\n")


def _arrow(table: Table, rows: Sequence[Row], load_id: str, read_at: dt.datetime, without: Sequence[str]) -> pa.Table:
    whole = [_whole(table, row, read_at) for row in rows]
    whole = [row | {"_dlt_load_id": load_id, "_dlt_id": f"{load_id}.{n}"} for n, row in enumerate(whole)]
    fields = [pa.field(column.name, TYPES[column.type]) for column in table.all_columns if column.name not in without]
    fields += [pa.field("_dlt_load_id", pa.string()), pa.field("_dlt_id", pa.string())]
    return pa.Table.from_pylist(whole, schema=pa.schema(fields))


def _whole(table: Table, row: Row, read_at: dt.datetime) -> dict[str, Any]:
    unknown = set(row) - {column.name for column in table.all_columns}
    assert not unknown, f"{table.name} has no {unknown}"
    whole = {column.name: row.get(column.name) for column in table.columns}
    if table.is_list:
        whole["is_removed"] = bool(row.get("is_removed"))
    digest = hashlib.sha256(json.dumps(whole, default=str, sort_keys=True).encode()).hexdigest()
    whole |= {"read_at": row.get("read_at", read_at)}
    return whole | {"row_hash": digest} if table.has_row_hash else whole


def track(track_id: str, **columns: Any) -> dict[str, Any]:
    return {"track_uri": f"spotify:track:{track_id}", "track_id": track_id, "duration_ms": 200_000} | columns


def snapshot(playlist_id: str, snapshot_id: str, **columns: Any) -> dict[str, Any]:
    return {"playlist_id": playlist_id, "snapshot_id": snapshot_id, "outcome": "read"} | columns


def item(playlist_id: str, snapshot_id: str, position: int, track_id: str, **columns: Any) -> dict[str, Any]:
    address = {"item_type": "track", "item_id": track_id, "item_uri": f"spotify:track:{track_id}"}
    return {"playlist_id": playlist_id, "snapshot_id": snapshot_id, "position": position} | address | columns


def record(ts: str, track_id: str, started: str | None = None, **columns: Any) -> dict[str, Any]:
    """A record of an extended export; without a start its length is 200 s."""
    begun = at(started) if started else None
    length = 200_000 if begun is None else int((at(ts) - begun).total_seconds()) * 1000
    names = {"master_metadata_track_name": track_id.upper(), "master_metadata_album_artist_name": "X"}
    known = {"file_id": "f", "content_type": "track", "is_video": False, "ts": at(ts), "ms_played": length}
    return known | names | {"started_at": begun, "spotify_track_uri": f"spotify:track:{track_id}"} | columns


def one_year_record(end_time: str, title: str, ms_played: int = 200_000, **columns: Any) -> dict[str, Any]:
    """A record of a one-year export."""
    names = {"track_name": title, "artist_name": "X"}
    return {"file_id": "g", "content_type": "track", "end_time": at(end_time), "ms_played": ms_played} | names | columns
