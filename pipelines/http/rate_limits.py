"""Locks of a service that refuses calls for a while. They are kept in dlt's state from run to run."""

import datetime as dt
from collections.abc import MutableMapping
from typing import Any

from pipelines.http.errors import Locked

FIRST_LOCK_H, LONGEST_LOCK_H = 1, 24


class RateLimitLocks:
    """One lock per group of endpoints, in `state`: `{"me/tracks": {"not_before": ISO time, "hours": 2}}`."""

    def __init__(self, state: MutableMapping[str, Any]) -> None:
        self._state = state

    def not_before(self, group: str, now: dt.datetime) -> dt.datetime | None:
        """The UTC time until which the group is locked; None when no lock holds at `now`.

        A lock that begins after `now` was made with a wrong clock: it holds for its length from now on.
        """
        lock = self._state.get(group)
        if lock is None:
            return None
        until = dt.datetime.fromisoformat(lock["not_before"])
        longest = dt.timedelta(seconds=lock.get("seconds", LONGEST_LOCK_H * 3600))
        if until > now + longest:
            until = now + longest
            lock["not_before"] = until.isoformat()
        return until if now < until else None

    def close(self, group: str, now: dt.datetime, refusal: Locked) -> dt.datetime:
        """Lock the group and return the UTC time from which it may be called again.

        Users report that calls during a lock make the lock longer. If the service names no time, the wait therefore
        starts at one hour and doubles with each refusal, up to a day.
        """
        hours = min(self._state.get(group, {}).get("hours", FIRST_LOCK_H / 2) * 2, LONGEST_LOCK_H)
        wait = dt.timedelta(seconds=refusal.seconds) if refusal.seconds is not None else dt.timedelta(hours=hours)
        seconds = int(wait.total_seconds())
        self._state[group] = {"not_before": (now + wait).isoformat(), "hours": hours, "seconds": seconds}
        return now + wait

    def release(self, group: str) -> None:
        """Remove the group's lock after an answer."""
        self._state.pop(group, None)
