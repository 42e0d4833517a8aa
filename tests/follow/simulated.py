"""A listener, a clock and Spotify without waiting: `make follow` for days and months, with its real budget and records.

Only what takes time is replaced: requests, the load into Parquet, and the runs of other processes.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import requests

from orchestration.follow.loop import Clock, Follower
from orchestration.follow.screen import Screen
from pipelines.lake import manifest
from pipelines.lake.source import ResourceReport
from pipelines.lake.store import Lake
from pipelines.settings import load_settings
from pipelines.spotify import auth
from pipelines.spotify.client import SpotifyClient

Moment = dt.datetime
Play = tuple[Moment, str]
"""When it ended, and a name."""
# The plays that Spotify shows at a moment, the newest first.
Shown = Callable[[Moment], Sequence[Play]]
SECOND = dt.timedelta(seconds=1)
HOUR_OF_A_TOKEN = dt.timedelta(hours=1)
ID = "0123456789abcdef0123456789abcdef"


class FakeClock(Clock):
    """`wait` takes no time. `ahead` is how far the clock of the machine is before the true time."""

    def __init__(self, true: Moment) -> None:
        self.true = true
        self.ahead = dt.timedelta()

    def now(self) -> Moment:
        return self.true + self.ahead

    @property
    def is_over(self) -> bool:
        return False

    def wait(self, time: dt.timedelta) -> None:
        self.true += time


class Simulated:
    """`run(until)` follows the listener. `calls` are true times of requests of polls, `in_marts` those of plays."""

    def __init__(self, folder: Path, shown: Shown, start: Moment, build_s: float = 7, hourly: bool = False) -> None:
        given = {"SPOTIFY_CLIENT_ID": ID, "SPOTIFY_REFRESH_TOKEN": "given", "SPOTIFY_API_URL": "http://127.0.0.1"}
        self.settings = load_settings(given, folder)
        self.lake = Lake.of(self.settings)
        self.lake.write_json(manifest.MANIFEST, {"layout": 1, "accounts": [], "columns": {}})
        self.shown, self.build_s, self.hourly = shown, build_s, hourly
        self.clock = FakeClock(start)
        self.calls: list[Moment] = []
        self.stored: dict[Play, Moment] = {}
        self.in_marts: dict[Play, Moment] = {}
        self.steps: list[str] = []
        self.screen = cast(Screen, _Dark())
        self._follower = self.started()

    def started(self) -> Follower:
        """A new process: it has no token and remembers nothing."""
        return Follower(self.settings, self.clock, self.screen, self._step, self.hourly)

    def restart(self) -> None:
        self._follower = self.started()

    def run(self, until: Moment) -> None:
        with self._replaced():
            while self.clock.true < until:
                self.clock.wait(self._follower.turn())

    def most_in_a_day(self) -> int:
        """The most calls in any 24 hours."""
        day, first, most = dt.timedelta(days=1), 0, 0
        for last, at in enumerate(self.calls):
            while self.calls[first] <= at - day:
                first += 1
            most = max(most, last - first + 1)
        return most

    @property
    def builds(self) -> int:
        return self.steps.count("build")

    def calls_by_day(self) -> Counter[dt.date]:
        return Counter(at.date() for at in self.calls)

    def _step(self, arguments: tuple[str, ...]) -> int:
        self.steps.append(arguments[0])
        self.run_elsewhere(arguments[0])
        return 0

    def run_elsewhere(self, verb: str) -> None:
        """A run that another scheduler starts."""
        now = self.clock.now()
        if verb == "build":
            self.clock.wait(self.build_s * SECOND)
            for play in self.stored.keys() - self.in_marts.keys():
                self.in_marts[play] = self.clock.true
            record: dict[str, Any] = {"read_at": now.isoformat(), "seconds": {"build": self.build_s}}
            self.lake.write_json(manifest.LAST_BUILD, record)
            return
        self.clock.wait(2 * SECOND)
        page = self.shown(self.clock.true)
        new = self._store(page)
        row = {"resource": "recently_played", "outcome": "read", "not_before": None}
        row["newest_at"] = page[0][0].isoformat() if page else None
        record = {"read_at": now.isoformat(), "resources": [row], "rows_appended": {"recently_played": new}}
        self.lake.write_json(manifest.LAST_RUN, record | {"seconds": {"load": 2}})

    def _store(self, plays: Sequence[Play]) -> int:
        new = [play for play in plays if play not in self.stored]
        self.stored |= dict.fromkeys(new, self.clock.true)
        return len(new)

    def _load(self, settings: Any, sources: Any, lake: Any) -> Any:
        client = sources[0]
        found = client.get("me/player/recently-played", resource="recently_played", limit=50)["items"]
        new = self._store([(_moment(item["played_at"]), item["track"]["uri"]) for item in found])
        if new == len(found) == 50:
            client.get("me/player/recently-played", resource="recently_played", limit=50, before=1)
        return SimpleNamespace(reports=[ResourceReport("recently_played", rows_new=new)])

    def _request(self, client: SpotifyClient, path: str, endpoint: str, parameters: Any) -> Any:
        client.tokens.get_access_token()
        self.calls.append(self.clock.true)
        answer = requests.Response()
        answer.status_code = 200
        if path == "me":
            return answer, {"id": "listener"}
        plays = [] if "before" in parameters else self.shown(self.clock.true)
        items = [{"played_at": f"{at.isoformat()}Z", "track": {"uri": name}} for at, name in plays]
        return answer, {"items": items, "next": None}

    def _token(self, *_: Any) -> Any:
        self.calls.append(self.clock.true)
        answer = requests.Response()
        answer.status_code = 200
        return answer, {"access_token": "token", "expires_in": 3600}

    @contextmanager
    def _replaced(self) -> Iterator[None]:
        seconds = SimpleNamespace(monotonic=lambda: self.clock.true.timestamp(), sleep=lambda _: None)
        with ExitStack() as stack:
            for target, name, new in (
                (auth, "time", seconds),
                (auth, "token_request", self._token),
                (SpotifyClient, "_request", lambda client, *rest: self._request(client, *rest)),
            ):
                stack.enter_context(patch.object(target, name, new))
            stack.enter_context(patch("pipelines.load.load", self._load))
            stack.enter_context(patch("pipelines.spotify.polled.polled", lambda client: client))
            yield


class _Dark:
    """A screen that shows nothing."""

    def works(self, verb: str) -> ExitStack:
        return ExitStack()

    def ran(self, *_: Any) -> None: ...

    def polled(self, found: Any, now: Moment) -> None:
        assert found.outcome != "failed", found.reason

    def waits(self, *_: Any) -> None: ...


def _moment(text: str) -> Moment:
    return dt.datetime.fromisoformat(text).replace(tzinfo=None)


def record_of(simulated: Simulated) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(simulated.lake.root) / manifest.LAST_POLL).read_text())
    return found
