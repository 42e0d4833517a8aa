"""A Web API of playlists without a server, read in several runs with one state."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from pipelines.http.errors import Refused
from pipelines.lake.source import ResourceReport
from pipelines.raw.changes import ChangeFilter, StateRowHashes
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.rows.element import Json
from pipelines.spotify.run import Run
from pipelines.spotify.sync.read import read_resource
from pipelines.spotify.sync.reader import ParentsRead
from pipelines.spotify.tables import TABLES

ITEMS = next(resource for resource in RESOURCES if resource.name == "playlist_items")
WHEN = dt.datetime(2026, 11, 2, 8)


@dataclass
class Playlist:
    owner: str = "listener"
    items: list[str] = field(default_factory=lambda: ["a", "b", "c"])
    counted: int | None = None
    """How many items the list of playlists counts; None when it counts the items that there are."""
    snapshot: str = "s1"
    refusals: int = 0
    moves: bool = False
    """Every look at the list of playlists finds a new snapshot."""


class Playlists:
    """A Web API of playlists that is read in several runs with one state, as dlt keeps it."""

    def __init__(self, **playlists: Playlist) -> None:
        self.playlists = playlists
        self.asked: list[str] = []
        self.budget = type("Budget", (), {"by_resource": {"playlist_items": 0}})()
        self.tokens = type("Tokens", (), {"scope": None})()
        self.state: dict[str, Any] = {}
        self.hashes: dict[str, dict[str, str]] = {}
        self.now = WHEN
        self.rows: list[Json] = []
        self.outcomes: list[Json] = []
        self.warned: list[ResourceReport] = []

    def get(self, path: str, limit: int = 50, offset: int = 0, **_: Any) -> Json:
        playlist = path.split("/")[1]
        self.asked.append(playlist)
        found = self.playlists[playlist]
        if found.refusals:
            found.refusals -= 1
            raise Refused(f"{path}: 404 Resource not found", 404)
        page = [{"item": {"uri": f"spotify:track:{key}", "type": "track"}} for key in found.items]
        return {"items": page[offset : offset + limit], "total": len(page), "next": None}

    def listed(self) -> ParentsRead:
        elements = []
        for name, found in self.playlists.items():
            snapshot = f"{found.snapshot}{self.now:%d%H%M}" if found.moves else found.snapshot
            total = len(found.items) if found.counted is None else found.counted
            elements.append(
                {"id": name, "snapshot_id": snapshot, "owner": {"id": found.owner}, "items": {"total": total}}
            )
        return ParentsRead(elements, True)

    def run(self, hours: float = 1) -> ResourceReport:
        """One run, some hours after the last."""
        self.now += dt.timedelta(hours=hours)
        self.asked.clear()
        self.rows.clear()
        self.outcomes.clear()
        changes = ChangeFilter(TABLES, StateRowHashes(lambda: self.hashes), self.now)
        profile = {"id": "listener"}
        run = Run(self, changes, self.now, on_stop=self.warned.append, _profile=profile)  # type: ignore[arg-type]
        for batch in read_resource(ITEMS, run, self.state, {}, self.listed()):
            assert isinstance(batch, dict)
            self.rows += batch.get("playlist_items", ())
            self.outcomes += batch.get("playlist_snapshots", ())
        return run.reports[0]

    def hours_asked(self, days: int) -> list[int]:
        """The hours, from now on, in which hourly runs requested something."""
        found = []
        for hour in range(24 * days):
            self.run()
            found += [hour] * len(self.asked)
        return found
