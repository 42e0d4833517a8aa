"""Changes of the account that a test asks for: at once, or after a number of answers."""

import json
from dataclasses import dataclass
from typing import Any

from pipelines.demo.api.me import NOTHING, with_oddity
from pipelines.demo.world.chance import chance, skewed
from pipelines.demo.world.clock import moment, to_the_millisecond, to_the_second
from pipelines.demo.world.playlist import Edit, Entry
from pipelines.demo.world.playlists import LISTENER
from pipelines.demo.world.spoken import EPISODES_PER_SHOW, SHOWS
from pipelines.demo.world.world import World
from tests.simulators.spotify.poison import Poison

Json = dict[str, Any]

EDITS = {
    "remove_playlist": "drop",
    "empty_playlist": "empty",
    "rename_playlist": "rename",
    "add_item": "add",
    "remove_item": "remove",
}


@dataclass
class Pending:
    """A change that waits for `calls` more answers of `path`."""

    path: str
    calls: int
    body: Json


class Changes:
    """`make` carries a change out and answers what it changed. control.py describes its body."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.poisons: list[Poison] = []
        self.broken: list[tuple[str, str]] = []
        self.pending: list[Pending] = []

    def make(self, body: Json) -> Json:
        """Raises ValueError or LookupError for a change that is not possible."""
        op, body = body["op"], {key: value for key, value in body.items() if key != "op"}
        if when := body.pop("when", None):
            self.pending.append(Pending(when["path"], when.get("calls", 1), {"op": op} | body))
            return {"pending": True}
        match op:
            case "poison":
                self.poisons.append(Poison(**body))
                return {"path": body["path"]}
            case "break":
                self.broken.append((body["path"], body["text"]))
                return {"path": body["path"]}
            case "heal":
                self.poisons.clear()
                self.broken.clear()
                return {}
            case "unsave" | "save" | "play":
                changed: Json = getattr(self, f"_{op}")(**body)
                return changed
            case _ if op in EDITS:
                return self._edit(EDITS[op], **body)
        raise ValueError(f"no such op: {op}")

    def poisoned(self, path: str, body: bytes) -> bytes:
        """An answer with the wrong values that a test set for its path."""
        for poison in self.poisons:
            if poison.path == path:
                body = json.dumps(poison.into(json.loads(body))).encode()
        return body

    def breaks(self, path: str, body: bytes) -> bool:
        """Whether an answer holds an element that a test broke."""
        return any(path == broken and text.encode() in body for broken, text in self.broken)

    def answered(self, path: str) -> None:
        """Count an answer, and carry out the changes that waited for it."""
        for held in [held for held in self.pending if held.path == path]:
            held.calls -= 1
            if held.calls <= 0:
                self.pending.remove(held)
                self.make(held.body)

    def _unsave(self, kind: str = "tracks", index: int = 0, id: str = "") -> Json:
        row = None if id else with_oddity(kind, self.world.shelves[kind].at(self.world.now))[index]
        item = row.item if row else self.world.ids.number(kind[:-1], id)
        if row is NOTHING or item is None:
            raise ValueError(f"nothing can be removed there: {kind} {id or index}")
        self.world.shelves[kind].unsave(item, self.world.now)
        return {"kind": kind, "id": self.world.ids.of(kind[:-1], item)}

    def _save(self, kind: str = "tracks", id: str = "", added_at: str = "") -> Json:
        shelf, at = self.world.shelves[kind], moment(added_at) if added_at else self.world.now
        item = self.world.ids.number(kind[:-1], id)
        if item is None:
            item = shelf.unused(self.world.now, str(len(shelf.directed)))
        shelf.save(item, at)
        return {"kind": kind, "id": self.world.ids.of(kind[:-1], item), "added_at": to_the_second(at)}

    def _play(self, id: str = "", played_at: str = "") -> Json:
        ended_at = moment(played_at) if played_at else self.world.now
        history = self.world.history
        track = self._track(id, chance(self.world.options.seed, "late play", len(history.directed)), 3)
        history.add(ended_at, track)
        return {"id": self.world.ids.of("track", track), "played_at": to_the_millisecond(ended_at)}

    def _edit(self, change: str, playlist: int | str = 0, index: int = 0, **more: str) -> Json:
        """`more` is `item` and `id` of a new entry, or the `description` of a renamed playlist."""
        lists = self.world.playlists.at(self.world.now)
        number = self.world.ids.number("playlist", str(playlist))
        found = lists[playlist] if isinstance(playlist, int) else next(one for one in lists if one.number == number)
        added = (self._entry(**more),) if change == "add" else ()
        share = (index + 0.5) / max(1, len(found.entries))
        self.world.playlists.direct(
            Edit(self.world.now, found.number, change, share, added, more.get("description", "renamed"))
        )
        return {"id": self.world.ids.of("playlist", found.number)}

    def _entry(self, item: str = "track", id: str = "") -> Entry:
        draw = chance(self.world.options.seed, "added item", len(self.world.playlists.directed))
        number = self._track(id, draw, 2)
        if item == "episode":
            number = draw.randrange(SHOWS) * EPISODES_PER_SHOW
        return Entry(item, number, self.world.now, LISTENER)

    def _track(self, id: str, draw: Any, power: float) -> int:
        """The track with this id, or any when the id is empty."""
        number = self.world.ids.number("track", id)
        return skewed(draw, self.world.catalogue.tracks, power) if number is None else number
