"""Which rows are worth appending: those that are new or changed since the last completed load."""

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from pipelines.raw.contract import ContractBroken, check
from pipelines.raw.table import Table

Key = tuple[Any, ...]
Rows = dict[str, list[dict[str, Any]]]
TOMBSTONE = "gone"


class RowHashes(Protocol):
    """What was kept before; see `pipelines.lake.row_hashes` for the lake's."""

    def fingerprint(self, table: Table, key: Key, since: dt.datetime | None = None) -> str | None: ...
    def current_keys(self, table: Table) -> set[Key]: ...


class NoRowHashes:
    """For a destination that is not our lake: every row is new."""

    def fingerprint(self, table: Table, key: Key, since: dt.datetime | None = None) -> str | None:
        return None

    def current_keys(self, table: Table) -> set[Key]:
        return set()


class ChangeFilter:
    """Stamps rows with `read_at` and `row_hash`, and lets each key pass at most once a run."""

    def __init__(self, tables: Mapping[str, Table], row_hashes: RowHashes, now: dt.datetime) -> None:
        self.tables = tables
        self.row_hashes = row_hashes
        self._now = now
        self._seen: defaultdict[str, set[Key]] = defaultdict(set)
        self.appended: Counter[str] = Counter()

    def of(self, rows: Iterable[tuple[str, dict[str, Any]]]) -> Rows:
        """The new and changed rows of one page, by table. Raises ContractBroken for a row that does not fit."""
        families: defaultdict[tuple[str, Key], dict[Key, dict[str, Any]]] = defaultdict(dict)
        for name, row in rows:
            if name not in self.tables:
                raise ContractBroken(f"rows for {name}, which no table declares")
            table = self.tables[name]
            families[name, pick(row, table.parent)][pick(row, table.key)] = row
        unseen = {
            (name, parent): self._stamped(self.tables[name], list(family.values()))
            for (name, parent), family in families.items()
            if parent not in self._seen[name]
        }
        for (name, _), stamped in unseen.items():
            check(self.tables[name], stamped)
        new: Rows = {}
        since = self._oldest(unseen)
        for (name, parent), stamped in unseen.items():
            table = self.tables[name]
            self._seen[name].add(parent)
            if self._is_news(table, parent, stamped[0], since.get(name)):
                new.setdefault(name, []).extend(stamped)
                self.appended[name] += len(stamped)
        return new

    def _oldest(self, unseen: Mapping[tuple[str, Key], list[dict[str, Any]]]) -> dict[str, dt.datetime]:
        """Per table with a `since` column, the oldest time on the page: memory is asked from there on, once."""
        times: defaultdict[str, list[dt.datetime]] = defaultdict(list)
        for (name, _), stamped in unseen.items():
            if column := self.tables[name].since:
                times[name].append(stamped[0][column])
        return {name: min(found) for name, found in times.items()}

    def _is_news(self, table: Table, parent: Key, row: dict[str, Any], since: dt.datetime | None) -> bool:
        kept = self.row_hashes.fingerprint(table, parent, since)
        if "read_at" in table.key:
            # The run's own facts, which a run that is finished after a kill had already told.
            return kept is None
        return bool(kept != row["row_hash"])

    def tombstones(self, table: Table, keys: Iterable[Key]) -> Rows:
        """One row per key that says the item has left the list."""
        empty = {column.name: None for column in table.all_columns}
        mark = {"is_removed": True, "read_at": self._now, "row_hash": TOMBSTONE}
        rows = [empty | dict(zip(table.key, key, strict=True)) | mark for key in sorted(keys)]
        self.appended[table.name] += len(rows)
        return {table.name: rows} if rows else {}

    def _stamped(self, table: Table, family: list[dict[str, Any]]) -> list[dict[str, Any]]:
        content = json.dumps(family, default=str, sort_keys=True, ensure_ascii=False)
        row_hash = hashlib.blake2b(content.encode(), digest_size=12).hexdigest()
        return [row | {"read_at": self._now, "row_hash": row_hash} for row in family]


def pick(row: Mapping[str, Any], names: Iterable[str]) -> Key:
    return tuple(row[name] for name in names)
