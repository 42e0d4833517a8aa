"""Which rows are appended: those that are new or changed since the last completed load."""

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Protocol

from pipelines.raw.contract import ContractBroken, check
from pipelines.raw.table import Table

Key = tuple[Any, ...]
Rows = dict[str, list[dict[str, Any]]]
TOMBSTONE = "tombstone"
# The number of keys that dlt's state keeps of a table with a time column. Spotify does not send older rows again.
TIMED_KEYS_KEPT = 1_000


class RowHashes(Protocol):
    """The newest row hash per table and parent key. `pipelines.lake.row_hashes` reads them from the lake."""

    def find(self, table: Table, key: Key, since: dt.datetime | None = None) -> str | None:
        """The hash of the newest row with this key, or None. No key of this run is older than `since`."""
        ...

    def current_keys(self, table: Table) -> set[Key]:
        """The keys that are in the list now: their newest row is not a tombstone."""
        ...

    def keep(self, table: Table, key: Key, row_hash: str) -> None:
        """Remember the hash of a row that this run appends."""
        ...


class StateRowHashes:
    """Row hashes in a dictionary that dlt keeps as source state, for destinations other than the lake.

    `state` returns that dictionary; it is called while dlt extracts. A key costs about 60 bytes.
    """

    def __init__(self, state: Callable[[], dict[str, dict[str, str]]]) -> None:
        self._state = state

    def find(self, table: Table, key: Key, since: dt.datetime | None = None) -> str | None:
        return self._state().get(table.name, {}).get(_text(key))

    def current_keys(self, table: Table) -> set[Key]:
        hashes = self._state().get(table.name, {})
        return {tuple(json.loads(key)) for key, row_hash in hashes.items() if row_hash != TOMBSTONE}

    def keep(self, table: Table, key: Key, row_hash: str) -> None:
        if "read_at" in table.key:
            return  # the key holds the run's time, so these rows never repeat
        kept = self._state().setdefault(table.name, {})
        kept[_text(key)] = row_hash
        if table.since and len(kept) > TIMED_KEYS_KEPT:
            for oldest in list(islice(kept, len(kept) - TIMED_KEYS_KEPT)):
                del kept[oldest]


def _text(key: Key) -> str:
    return json.dumps(key, default=str, ensure_ascii=False)


class ChangeFilter:
    """Adds `read_at` and `row_hash` to rows, and passes the rows of each parent key at most once per run.

    `appended` counts the rows that passed, by table.
    """

    def __init__(self, tables: Mapping[str, Table], row_hashes: RowHashes, now: dt.datetime) -> None:
        self.tables = tables
        self.row_hashes = row_hashes
        self._now = now
        self._seen: defaultdict[str, set[Key]] = defaultdict(set)
        self.appended: Counter[str] = Counter()

    def changed(self, rows: Iterable[tuple[str, dict[str, Any]]]) -> Rows:
        """The new and changed rows of one page, by table. `rows` are pairs of table name and row.

        Raises ContractBroken for a row that does not fit its table; then no row of the page counts as seen.
        """
        groups: defaultdict[tuple[str, Key], dict[Key, dict[str, Any]]] = defaultdict(dict)
        for name, row in rows:
            if name not in self.tables:
                raise ContractBroken(f"rows for table {name}, which is not declared; add it to the source's tables")
            table = self.tables[name]
            groups[name, pick(row, table.parent)][pick(row, table.key)] = row
        unseen = {
            (name, parent): self._stamped(self.tables[name], list(group.values()))
            for (name, parent), group in groups.items()
            if parent not in self._seen[name]
        }
        for (name, _), stamped in unseen.items():
            check(self.tables[name], stamped)
        new: Rows = {}
        since = self._oldest(unseen)
        for (name, parent), stamped in unseen.items():
            table = self.tables[name]
            self._seen[name].add(parent)
            if self._is_changed(table, parent, stamped[0], since.get(name)):
                new.setdefault(name, []).extend(stamped)
                self.appended[name] += len(stamped)
                self.row_hashes.keep(table, parent, stamped[0]["row_hash"])
        return new

    def tombstones(self, table: Table, keys: Iterable[Key]) -> Rows:
        """One row per key, with `is_removed`: the item has left the list."""
        empty = {column.name: None for column in table.all_columns}
        mark = {"is_removed": True, "read_at": self._now, "row_hash": TOMBSTONE}
        rows = [empty | dict(zip(table.key, key, strict=True)) | mark for key in sorted(keys)]
        for row in rows:
            self.row_hashes.keep(table, pick(row, table.key), TOMBSTONE)
        self.appended[table.name] += len(rows)
        return {table.name: rows} if rows else {}

    def _oldest(self, unseen: Mapping[tuple[str, Key], list[dict[str, Any]]]) -> dict[str, dt.datetime]:
        """The oldest time on the page, for each table with a `since` column: older row hashes are not needed."""
        times: defaultdict[str, list[dt.datetime]] = defaultdict(list)
        for (name, _), stamped in unseen.items():
            if column := self.tables[name].since:
                times[name].append(stamped[0][column])
        return {name: min(found) for name, found in times.items()}

    def _is_changed(self, table: Table, parent: Key, row: dict[str, Any], since: dt.datetime | None) -> bool:
        kept = self.row_hashes.find(table, parent, since)
        if "read_at" in table.key:
            # A load that is resumed after a kill can send these rows again. The stored row wins.
            return kept is None
        return bool(kept != row["row_hash"])

    def _stamped(self, table: Table, group: list[dict[str, Any]]) -> list[dict[str, Any]]:
        steady = [{name: row[name] for name in row if name not in table.volatile} for row in group]
        content = json.dumps(steady, default=str, sort_keys=True, ensure_ascii=False)
        row_hash = hashlib.blake2b(content.encode(), digest_size=12).hexdigest()
        return [row | {"read_at": self._now, "row_hash": row_hash} for row in group]


def pick(row: Mapping[str, Any], names: Iterable[str]) -> Key:
    return tuple(row[name] for name in names)
