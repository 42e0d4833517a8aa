"""What happens to a value that does not fit its column. The one place with this rule; every source uses it.

A value of the wrong kind becomes null and is counted with its column. A row whose key does not fit cannot be stored, so
the row is left out and counted. Checked values pass dlt, pyarrow, DuckDB and Athena.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

from pipelines.raw.clock import naive_utc
from pipelines.raw.table import Table

LIMIT = 2**63
KINDS = {dict: "an object", list: "a list", bool: "true or false", str: "a text", int: "a number", float: "a number"}
Row = tuple[str, dict[str, Any]]


class Unfit:
    """Stands for a value that fits no column. `kind` says what it was: "a text", "1970". It counts as false."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __bool__(self) -> bool:
        return False


def kind_of(value: Any) -> str:
    """What a value is, in words for a message."""
    if isinstance(value, Unfit):
        return value.kind
    return next((words for kind, words in KINDS.items() if isinstance(value, kind)), type(value).__name__)


def fit_rows(tables: Mapping[str, Table], rows: Iterable[Row], nulled: MutableMapping[str, int]) -> list[Row | None]:
    """Each row with values that fit its columns; None in place of a row that cannot be stored.

    `nulled` counts what was set to null, by column and kind: `{"tracks.duration_ms (a text)": 3}`. A row of a table
    that is not declared stays as it is; the contract refuses it.
    """
    return [_fit_row(tables[name], row, nulled) if name in tables else (name, row) for name, row in rows]


def _fit_row(table: Table, row: dict[str, Any], nulled: MutableMapping[str, int]) -> Row | None:
    fitted = dict(row)
    for column in table.columns:
        value = row.get(column.name)
        if value is None:
            continue
        found = FIT[column.type](value)
        if found is value:
            continue
        if not isinstance(found, Unfit):
            fitted[column.name] = found
            continue
        what = f"{table.name}.{column.name} ({found.kind})"
        nulled[what] = nulled.get(what, 0) + 1
        if not column.null:
            return None
        fitted[column.name] = None
    return table.name, fitted


def fit_text(value: Any) -> Any:
    """A text that can be stored. A NUL character or half of a surrogate pair cannot."""
    if type(value) is not str:
        return _unfit(value)
    if "\0" in value:
        return Unfit("a text with NUL")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return Unfit("a text with half a character")
    return value


def fit_bigint(value: Any) -> Any:
    """A whole number of 64 bits. Spotify has sent whole numbers with a point for weeks: 2345.0 is 2345."""
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        return Unfit("a broken number") if type(value) is float else _unfit(value)
    return value if -LIMIT <= value < LIMIT else Unfit("a number beyond 64 bits")


def fit_bool(value: Any) -> Any:
    return value if type(value) is bool else _unfit(value)


def fit_timestamp(value: Any) -> Any:
    """A time, or an ISO text, as naive UTC cut to the millisecond. 1970 and before means "unknown" to Spotify."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return Unfit("no time" if value.strip() else "empty")
    if not isinstance(value, dt.datetime):
        return _unfit(value)
    try:
        moment = naive_utc(value)
    except OverflowError:
        return Unfit("no time")
    if moment.year <= 1970:
        return Unfit("1970" if moment.year == 1970 else "a time before 1970")
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def fit_date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return Unfit("no date")
    return value if type(value) is dt.date else _unfit(value)


def _unfit(value: Any) -> Unfit:
    return Unfit(kind_of(value))


FIT: dict[str, Callable[[Any], Any]] = {
    "text": fit_text,
    "bigint": fit_bigint,
    "bool": fit_bool,
    "timestamp": fit_timestamp,
    "date": fit_date,
}
