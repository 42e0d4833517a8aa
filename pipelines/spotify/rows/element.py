"""Types and helpers that all row functions share.

A row function passes values on as Spotify sent them. `pipelines.raw.values` fits them to their columns.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.raw.values import Unfit, fit_timestamp, kind_of

Json = dict[str, Any]
Row = tuple[str, Json]
WIDE_ENOUGH = 300


@dataclass(frozen=True)
class ElementPosition:
    """Where an element was: its index in the whole list from 0, the run's clock, and the values of its parent.

    `parent` holds the path parameters and the marker of a child resource, or the time range of a top list.
    """

    index: int
    now: dt.datetime
    parent: dict[str, str]


RowsOf = Callable[[Any, ElementPosition], Iterator[Row]]


class NoObject(Json):
    """Stands for a value that is not the object that belongs there. Each of its fields fits no column."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._unfit = Unfit(kind)

    def get(self, name: str, default: Any = None) -> Any:
        return self._unfit


def time(value: Any) -> Any:
    """An ISO time as naive UTC, cut to the millisecond. None for None and for a text that is no time."""
    return None if value is None else fit_timestamp(value) or None


def as_object(value: Any) -> Json:
    """The value itself if it is an object, an empty object for null, and otherwise a NoObject."""
    if isinstance(value, dict):
        return value
    return {} if value is None else NoObject(kind_of(value))


def part(thing: Json, *names: str) -> Json:
    """The object in the first of the fields that is not empty; see `as_object`."""
    return as_object(next((value for value in map(thing.get, names) if value not in (None, {})), None))


def is_given(value: Any) -> bool:
    """Whether Spotify sent a value at all, even one that fits no column."""
    return value is not None and value != ""


def entries(thing: Json, name: str) -> list[Any] | Unfit:
    """The list in a field, without its empty entries; empty for null. Unfit when it is no list."""
    value = thing.get(name)
    if isinstance(value, list):
        return [entry for entry in value if entry not in (None, {})]
    if isinstance(value, Unfit):
        return value
    return [] if value is None else Unfit(kind_of(value))


def joined(thing: Json, name: str) -> str | Unfit | None:
    """Names in a list, joined by commas. Each entry is a text, or an object with a `name`. None without a name."""
    values = entries(thing, name)
    if isinstance(values, Unfit):
        return values
    names = [value.get("name") if isinstance(value, dict) else value for value in values]
    for value in names:
        if value is not None and not isinstance(value, str):
            return Unfit(kind_of(value))
    return ",".join(filter(None, names)) or None


def image_url(thing: Json) -> Any:
    """The address of the smallest picture that is at least 300 pixels wide, or of the widest. None without a picture.

    Lists of pictures come in both orders, and some lack the width. Source: recorded answers of November 2026.
    """
    images = entries(thing, "images")
    if isinstance(images, Unfit):
        return images
    found = [(_width(image), image.get("url")) for image in images if isinstance(image, dict) and image.get("url")]
    if not found:
        return None
    wide = [one for one in found if one[0] >= WIDE_ENOUGH]
    return (min(wide, key=_first) if wide else max(found, key=_first))[1]


def _first(image: tuple[int, Any]) -> int:
    return image[0]


def _width(image: Json) -> int:
    width = image.get("width")
    return width if isinstance(width, int) else 0
