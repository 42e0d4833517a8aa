"""Row hashes that the lake holds: the newest one per key, from complete loads only."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipelines.lake import damage
from pipelines.lake.store import Dataset, load_id_of
from pipelines.raw.changes import TOMBSTONE
from pipelines.raw.clock import utc_now
from pipelines.raw.table import Table

Key = tuple[Any, ...]
# With a clock that is wrong by more, rows of a table with a time are appended twice; staging keeps one of them.
CLOCK_ERROR = dt.timedelta(days=7)


class LakeRowHashes:
    """Row hashes by table and parent key. Each table is read once per run.

    For a table with a `since` column only rows from the oldest requested time on are read, because a new play can
    only repeat a play of the last hours or days.
    """

    def __init__(self, dataset: Dataset, completed: set[str]) -> None:
        self._dataset = dataset
        self._db = duckdb.connect()
        self._db.execute("create table completed (load_id varchar)")
        if completed:
            self._db.execute("insert into completed select unnest(?)", [sorted(completed)])
        self._rows: dict[str, dict[Key, str]] = {}
        self._from: dict[str, dt.datetime] = {}

    def find(self, table: Table, key: Key, since: dt.datetime | None = None) -> str | None:
        is_older = since is not None and since < self._from.get(table.name, dt.datetime.max)
        if table.name not in self._rows or is_older:
            self._rows[table.name] = self._read(table, since)
            if since is not None:
                self._from[table.name] = since
        return self._rows[table.name].get(key)

    def current_keys(self, table: Table) -> set[Key]:
        if table.name not in self._rows:
            self._rows[table.name] = self._read(table, None)
        return {key for key, row_hash in self._rows[table.name].items() if row_hash != TOMBSTONE}

    def keep(self, table: Table, key: Key, row_hash: str) -> None:
        """Nothing to do: the row itself goes into the lake."""

    def _read(self, table: Table, since: dt.datetime | None) -> dict[Key, str]:
        paths = self._dataset.files(table.name)
        if since is not None and since < utc_now():
            # A load id is the epoch second of its start by the clock of its machine, as `read_at` is. Times of Spotify
            # can be later than a load id by the error of that clock.
            error = dt.timedelta(0) if table.since == "read_at" else CLOCK_ERROR
            first = (since - error).replace(tzinfo=dt.UTC).timestamp()
            paths = [path for path in paths if float(load_id_of(path)) >= first]
        if not paths:
            return {}
        key = ", ".join(table.parent)
        bound = f"and {table.since} >= ?" if since is not None else ""
        with TemporaryDirectory() as folder:
            files = self._dataset.lake.local_copies(paths, Path(folder))
            try:
                found = self._db.execute(
                    f"select {key}, arg_max(row_hash, _dlt_load_id) from read_parquet(?, union_by_name = true) "
                    f"where _dlt_load_id in (select load_id from completed) {bound} group by {key}",
                    [files, *([since] if since is not None else [])],
                ).fetchall()
            except duckdb.Error:
                if damage.move_unreadable_away(self._dataset, paths):
                    return self._read(table, since)
                raise
        return {tuple(row[:-1]): row[-1] for row in found}

    def close(self) -> None:
        self._db.close()
