"""Recently played alone, for a poll: one request, no waiting, and a load only when there is something to store."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pipelines.http.budget import CallBudget
from pipelines.lake.source import LoadContext, Source, SourceResult
from pipelines.raw.changes import ChangeFilter
from pipelines.spotify.auth import Tokens
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.errors import Locked, Refused
from pipelines.spotify.lake_source import SPOTIFY
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.rows.element import time
from pipelines.spotify.run import Run
from pipelines.spotify.sync.page import LIMIT
from pipelines.spotify.tables import TABLES

Json = dict[str, Any]
PLAYS = next(resource for resource in RESOURCES if resource.name == "recently_played")


class AskedToWait(Exception):
    """Spotify asks for a short wait. A poll does not wait, because it holds the lock of the lake."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Spotify asks to wait {seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Window:
    """The newest page of recently played. `key` is the same for the same plays; `newest_at` is naive UTC."""

    key: str
    newest_at: dt.datetime | None


class PollClient(SpotifyClient):
    """The client of one poll. Its first answer is kept, so that a load does not request it again."""

    def __init__(self, tokens: Tokens, api_url: str, budget: CallBudget) -> None:
        super().__init__(tokens, api_url, on_wait=_do_not_wait)
        self.budget = budget
        self._kept: Json | Locked | None = None

    def window(self) -> Window | None:
        """Request the newest page. None when Spotify locks recently played: a load then stores the lock.

        Raises AskedToWait, RunEnded and ResourceStopped, after one attempt.
        """
        granted = self.tokens.get_access_token() and self.tokens.scope
        if granted is not None and PLAYS.scope not in granted:
            raise Refused(f"scope {PLAYS.scope} was not granted; `make login` asks for it", 403)
        try:
            self._kept = page = self.get(PLAYS.path, resource=PLAYS.name, limit=LIMIT)
        except Locked as lock:
            self._kept = lock
            return None
        found = page.get("items")
        items = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
        plays = [[item.get("played_at"), _uri(item)] for item in items]
        times = filter(None, (time(played_at) for played_at, _ in plays))
        return Window(hashlib.sha256(json.dumps(plays).encode()).hexdigest()[:16], max(times, default=None))

    def get(
        self, path: str, endpoint: str = "", resource: str = "", tries: int | None = None, **parameters: Any
    ) -> Json:
        kept, self._kept = self._kept, None
        if isinstance(kept, Locked):
            raise kept
        return kept or super().get(path, endpoint, resource, 1, **parameters)


def polled(client: PollClient) -> Source:
    """The account as a source with recently played only. It does not request the profile, so it binds no account."""

    @contextmanager
    def opened(context: LoadContext) -> Iterator[_OpenPoll]:
        changes = ChangeFilter(TABLES, context.row_hashes, context.settings.now)
        yield _OpenPoll(Run(client, changes, context.settings.now, is_poll=True))

    return replace(SPOTIFY, resources=(PLAYS.name,), first=(), open=opened, reads_all=False)


class _OpenPoll:
    def __init__(self, run: Run) -> None:
        self.account_ids: list[str] = []
        self._run = run

    def dlt_source(self) -> Any:
        from pipelines.spotify.source import spotify

        return spotify(self._run.api.tokens.client_id, "", run=self._run)

    def result(self) -> SourceResult:
        return SourceResult(reports=self._run.reports, ended=self._run.ended)


def _do_not_wait(endpoint: str, seconds: float) -> None:
    raise AskedToWait(seconds)


def _uri(item: Json) -> Any:
    track = item.get("track")
    return track.get("uri") if isinstance(track, dict) else None
