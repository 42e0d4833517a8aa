"""What the resources of one run share: the client, the change filter, the clock, and the account's profile."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pipelines.lake.source import ResourceReport
from pipelines.raw.changes import ChangeFilter
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.errors import RunEnded
from pipelines.spotify.profile import read_profile

Json = dict[str, Any]


@dataclass
class Run:
    """One run. `now` is naive UTC. `reports` has one entry per resource that was considered; `ended` is the error
    that ended the run for the resources after it. The resources in `first` have a load of their own; `waiting` holds
    their reports until the next load. A poll (`is_poll`) reads one resource and stores nothing unless that is new."""

    api: SpotifyClient
    changes: ChangeFilter
    now: dt.datetime
    full: bool = False
    on_progress: Callable[[ResourceReport], None] = lambda report: None
    on_stop: Callable[[ResourceReport], None] = lambda report: None
    first: tuple[str, ...] = ()
    is_poll: bool = False
    reports: list[ResourceReport] = field(default_factory=list)
    ended: RunEnded | None = None
    waiting: list[ResourceReport] = field(default_factory=list)
    _profile: Json | None = None

    def profile(self) -> Json:
        """The signed-in user, as `GET /me` sends it. One request per run, counted for the resource `me`.

        Raises RunEnded: without the profile the account is unknown, and nothing else is read.
        """
        if self._profile is None:
            self._profile = read_profile(self.api)
        return self._profile
