"""How long a list of children is left alone after a read that brought nothing."""

import datetime as dt
from typing import Any, Literal

from pipelines.spotify.sync.doubt import Doubt, doubt

# The hours to wait after each read in a row that brought nothing. A pause of 0 ends with the next run.
PAUSES = (0, 1, 6, 24, 72, 168)
# A scheduled run may start a little early.
SLACK = dt.timedelta(minutes=5)

Kind = Literal["refused", "hidden", "unfinished", "unchanged"]
PAUSES_OF: dict[Kind, tuple[int, ...]] = {
    # Children that the listener owns, or that were shown before.
    "refused": PAUSES,
    # Children that Spotify has never shown: probably it never will.
    "hidden": PAUSES[2:],
    "unfinished": PAUSES,
    # Spotify gives some playlists a new marker at each look. They are read at least once a day.
    "unchanged": PAUSES[1:4],
}


class Waits:
    """The pauses of the children, by parent id, in `state`. The pauses grow while the same kind of read repeats."""

    def __init__(self, state: dict[str, Any], now: dt.datetime) -> None:
        self._state = state
        self._now = now

    def begin(self, parent_id: str, kind: Kind, marker: str) -> None:
        """Wait after a read of this kind."""
        kept = self._state.setdefault(parent_id, {})
        tries = kept["tries"] + 1 if kept.get("kind") == kind else 1
        hours = PAUSES_OF[kind][min(tries, len(PAUSES_OF[kind])) - 1]
        until = self._now + dt.timedelta(hours=hours) - SLACK
        kept |= {"kind": kind, "marker": marker, "tries": tries, "until": until.isoformat()}

    def doubt(self, parent_id: str, evidence: str) -> Doubt:
        """Remember what an unfinished read has shown."""
        return doubt(self._state.setdefault(parent_id, {}), evidence, self._now)

    def end(self, parent_id: str) -> None:
        self._state.pop(parent_id, None)

    def kind(self, parent_id: str) -> Kind | None:
        found: Kind | None = self._state.get(parent_id, {}).get("kind")
        return found

    def is_waiting(self, parent_id: str) -> bool:
        until = self._state.get(parent_id, {}).get("until")
        # A pause that is longer than the longest one comes from a run whose clock was wrong.
        longest = self._now + dt.timedelta(hours=max(PAUSES))
        return until is not None and self._now < dt.datetime.fromisoformat(until) <= longest

    def marker(self, parent_id: str) -> str | None:
        """The marker at the last read."""
        found: str | None = self._state.get(parent_id, {}).get("marker")
        return found
