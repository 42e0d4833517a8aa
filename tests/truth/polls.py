"""Polls of the demo account without a server: the product's own reader on the demo account's own answers."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

from starlette.requests import Request

from pipelines.demo.api.me import recently_played
from pipelines.demo.shapes.shapes import Shapes
from pipelines.demo.world.world import World
from pipelines.raw.changes import ChangeFilter, StateRowHashes
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.run import Run
from pipelines.spotify.sync.read import read_resource
from pipelines.spotify.tables import TABLES

RECENTLY_PLAYED = next(resource for resource in RESOURCES if resource.name == "recently_played")
Rows = dict[str, list[dict[str, Any]]]


class Polls:
    """Polls recently played again and again. `rows` are the raw rows of all polls."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shapes = Shapes(world, extended=False)
        self.state: dict[str, Any] = {}
        self.hashes: dict[str, dict[str, str]] = {}
        self.rows: Rows = defaultdict(list)

    def poll(self, moments: Iterable[int]) -> None:
        """One run at each moment, in milliseconds."""
        for now in moments:
            self.world.now = now
            at = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=now)
            changes = ChangeFilter(TABLES, StateRowHashes(lambda: self.hashes), at)
            run = Run(cast(SpotifyClient, self), changes, at)
            for rows in read_resource(RECENTLY_PLAYED, run, self.state, {}):
                assert isinstance(rows, dict)
                for table, new in rows.items():
                    self.rows[table] += new

    def gaps(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """The gaps that the runs recorded."""
        return [(row["gap_from"], row["gap_until"]) for row in self.rows["resource_runs"] if row["gap_from"]]

    # What `Run.api` is asked for.

    tokens = SimpleNamespace(scope=None)
    budget = SimpleNamespace(by_resource=Counter[str]())

    def get(self, path: str, *, endpoint: str, resource: str, **parameters: Any) -> Any:
        query = urlencode(parameters).encode()
        request = Request(
            {"type": "http", "path": f"/v1/{path}", "query_string": query, "headers": [], "method": "GET"}
        )
        return recently_played(self.world, self.shapes, request)
