"""One playlist, its entries, and what an edit changes."""

import base64
import hashlib
from dataclasses import dataclass, replace

from pipelines.demo.world.spoken import EPISODES_PER_SHOW, SHOWS

KEPT = 5
"""Ordinary edits keep the first five entries. The unusual entries are among them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` is track, episode, local or null. `item` is the number of a track or an episode."""

    kind: str
    item: int
    added_at: int | None
    added_by: str | None


@dataclass(frozen=True, slots=True)
class Playlist:
    """`kind` is own, collaborative, followed or spotify. `version` counts edits."""

    number: int
    kind: str
    name: str
    description: str | None
    owner: str
    public: bool | None
    entries: tuple[Entry, ...]
    usual_length: int
    version: int = 0

    @property
    def snapshot_id(self) -> str:
        """An id that changes with every edit. It does not show which version is newer."""
        digest = hashlib.sha256(f"{self.number}/{self.version}/{self.name}".encode()).digest()[:24]
        return base64.b64encode(digest).decode()


@dataclass(frozen=True, slots=True)
class Edit:
    """`change` is rename, add, remove, empty, drop or turn. `turn` removes entries if there are many, else it adds."""

    at: int
    playlist: int
    change: str
    share: float = 0.0
    added: tuple[Entry, ...] = ()
    text: str = ""


def odd(number: int, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Put a local file, an episode, a null, a duplicate and missing dates into the first three playlists."""
    rows = list(entries)
    if number == 0 and len(rows) >= 4:
        rows[1] = replace(rows[1], kind="local")
        rows[3] = replace(rows[3], kind="episode", item=rows[3].item % SHOWS * EPISODES_PER_SHOW)
    if number == 1 and len(rows) >= 5:
        rows[2] = replace(rows[2], kind="null")
        rows[4] = replace(rows[0], added_at=rows[4].added_at)
    if number == 2:
        rows[:2] = [replace(row, added_at=None, added_by=None) for row in rows[:2]]
    return tuple(rows)


def apply(playlist: Playlist, edit: Edit) -> Playlist | None:
    """The playlist after an edit. None when the edit deletes it."""
    changed = replace(playlist, version=playlist.version + 1)
    rows = playlist.entries
    match edit.change:
        case "drop":
            return None
        case "rename":
            return replace(changed, description=edit.text)
        case "empty":
            return replace(changed, entries=())
        case "remove":
            return replace(changed, entries=_less(rows, edit.share, 1))
        case "turn" if len(rows) > playlist.usual_length + 4:
            return replace(changed, entries=rows[:KEPT] + _less(rows[KEPT:], edit.share, len(edit.added)))
        case _:
            return replace(changed, entries=rows + edit.added)


def _less(rows: tuple[Entry, ...], share: float, count: int) -> tuple[Entry, ...]:
    start = int(share * len(rows))
    return rows[:start] + rows[start + count :]
