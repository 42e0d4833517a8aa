"""The `fields` filter of playlists: `total,items(added_at,item(name,!href))`, `items.item.id`."""

from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.refusal import Refusal


@dataclass
class Wanted:
    """A level of the filter: the keys to keep with their own levels, the keys to leave out."""

    kept: dict[str, "Wanted"] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)

    def of(self, value: Any) -> Any:
        """A value without what the filter leaves out; a key that is not there leaves an empty object."""
        if isinstance(value, list):
            return [self.of(one) for one in value]
        if not isinstance(value, dict) or not (self.kept or self.dropped):
            return value
        keys = [key for key in value if key not in self.dropped and (not self.kept or key in self.kept)]
        return {key: self.kept[key].of(value[key]) if key in self.kept else value[key] for key in keys}


def parse(text: str) -> Wanted:
    """The filter that a `fields` text spells; 400 for one that does not close what it opens."""
    level, end = _level(text, 0)
    if end != len(text):
        raise Refusal(400, "Invalid fields")
    return level


def _level(text: str, at: int) -> tuple[Wanted, int]:
    level = Wanted()
    while at < len(text) and text[at] != ")":
        start = at
        while at < len(text) and text[at] not in ",()":
            at += 1
        name = text[start:at].strip()
        inner = Wanted()
        if at < len(text) and text[at] == "(":
            inner, at = _level(text, at + 1)
            if at >= len(text):
                raise Refusal(400, "Invalid fields")
            at += 1
        if name.startswith("!"):
            level.dropped.add(name[1:])
        elif name:
            first, *rest = name.split(".")
            for key in reversed(rest):
                inner = Wanted({key: inner})
            level.kept[first] = _merged(level.kept[first], inner) if first in level.kept else inner
        if at < len(text) and text[at] == ",":
            at += 1
    return level, at


def _merged(one: Wanted, other: Wanted) -> Wanted:
    return Wanted(one.kept | other.kept, one.dropped | other.dropped)
