"""The demo account inside this process: the project's client calls the demo server's application without HTTP."""

import copy
import datetime as dt
import json
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from pipelines.demo.server import Application
from pipelines.demo.world.clock import moment
from pipelines.demo.world.world import Options, World
from pipelines.raw.changes import TOMBSTONE, ChangeFilter, Key, Rows
from pipelines.raw.table import Table
from pipelines.spotify.auth import Tokens
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.lake_source import SPOTIFY
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.run import Run
from pipelines.spotify.sync.read import read_resource
from pipelines.spotify.sync.reader import ParentsRead
from pipelines.spotify.tables import TABLES
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN

Json = dict[str, Any]


class Client(SpotifyClient):
    """The project's client, except that a request calls the application directly instead of the server."""

    def __init__(self, world: World) -> None:
        super().__init__(Tokens(CLIENT_ID, "", REFRESH_TOKEN, ""), "")
        self.app = Application(world).app  # a new application for each run, because a consent lasts half a year
        self.one_at_a_time = threading.Lock()
        form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN, "client_id": CLIENT_ID}
        self.tokens.calls = 1
        granted = json.loads(self.answer("POST", "/api/token", "", {}, urlencode(form)).content)
        self.tokens.scope = frozenset(granted["scope"].split())
        self.bearer = {"authorization": f"Bearer {granted['access_token']}"}

    def _request(self, path: str, endpoint: str, parameters: Json) -> tuple[requests.Response, Json | None]:
        with self.one_at_a_time:
            answer = self.answer("GET", f"/v1/{path}", urlencode(parameters), self.bearer)
        return answer, json.loads(answer.content) if answer.ok else None

    def answer(self, method: str, path: str, query: str, headers: Json, body: str = "") -> requests.Response:
        sent: list[Json] = []

        async def receive() -> Json:
            return {"type": "http.request", "body": body.encode(), "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        lines = {"host": "127.0.0.1", "content-type": "application/x-www-form-urlencoded"} | headers
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in lines.items()],
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            "root_path": "",
        }
        try:
            self.app(scope, receive, send).send(None)
        except StopIteration:
            pass  # the application never waits, so one step completes it
        answer = requests.Response()
        answer.status_code = sent[0]["status"]
        answer._content = b"".join(message.get("body", b"") for message in sent[1:])
        return answer


class MemoryRowHashes:
    """The newest row hash per key, in memory. `pipelines.lake.row_hashes` reads them from the lake instead."""

    def __init__(self) -> None:
        self.hashes: dict[str, dict[Key, str]] = {name: {} for name in TABLES}

    def find(self, table: Table, key: Key, since: dt.datetime | None = None) -> str | None:
        return self.hashes[table.name].get(key)

    def current_keys(self, table: Table) -> set[Key]:
        return {key for key, row_hash in self.hashes[table.name].items() if row_hash != TOMBSTONE}

    def keep(self, table: Table, key: Key, row_hash: str) -> None:
        self.hashes[table.name][key] = row_hash


@dataclass(frozen=True)
class Load:
    """One load of a run: its new rows by table, in the order in which they were read, and the state after it."""

    rows: Rows
    state: Json


class Account:
    """The demo account and the state that the strategies keep from run to run."""

    def __init__(self, start: dt.datetime, **options: Any) -> None:
        self.world = World(Options(now=moment(start.isoformat()), **options), base_url="http://127.0.0.1")
        self.row_hashes = MemoryRowHashes()
        self.state: Json = {"resources": {}, "locks": {}}

    def run(self, now: dt.datetime) -> tuple[Run, list[Load]]:
        """One run at a time `now`, and its loads."""
        self.world.now = moment(now.isoformat())
        run = Run(Client(self.world), ChangeFilter(TABLES, self.row_hashes, now), now, first=SPOTIFY.first)
        return run, [Load(self.read(run, names), copy.deepcopy(self.state)) for names in SPOTIFY.parts]

    def read(self, run: Run, names: tuple[str, ...]) -> Rows:
        """The new rows of these resources."""
        found: Rows = {}
        parents: dict[str, ParentsRead] = {}
        for resource in (one for one in RESOURCES if one.name in names):
            state = self.state["resources"].setdefault(resource.name, {})
            of_parent = parents.get(resource.parent.resource) if resource.parent else None
            for batch in read_resource(resource, run, state, self.state["locks"], of_parent, keeps_elements=True):
                if isinstance(batch, ParentsRead):
                    parents[resource.name] = batch
                    continue
                for name, rows in batch.items():
                    found.setdefault(name, []).extend(rows)
        return found
