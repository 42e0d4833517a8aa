"""Types and conversions that all row functions share."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Row = tuple[str, Json]


@dataclass(frozen=True)
class ElementPosition:
    """Where an element was: its index in the whole list from 0, the run's clock, and the values of its parent.

    `parent` holds the path parameters and the marker of a child resource, or the time range of a top list.
    """

    index: int
    now: dt.datetime
    parent: dict[str, str]


RowsOf = Callable[[Any, ElementPosition], Iterator[Row]]


def time(value: Any) -> Any:
    """An ISO time as naive UTC, cut to the millisecond. Returns any other value unchanged; the contract refuses it."""
    if not isinstance(value, str):
        return value
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.tzinfo:
        moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def scalar(value: Any) -> Any:
    """None for an object or a list; Spotify sometimes sends one in place of a number or a name (tekore issue 310)."""
    return None if isinstance(value, dict | list) else value


def joined(values: Any) -> str | None:
    """Names joined by commas. Each value is a text, or an object with a `name`. None when there is no name."""
    names = [value.get("name") if isinstance(value, dict) else value for value in values or ()]
    return ",".join(str(name) for name in names if name) or None
