"""What polls keep from one to the next: `last_poll.json` beside the records of runs, in a folder and on S3."""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from orchestration.exit_codes import Exit
from orchestration.follow import pace
from orchestration.report.run_record import has_new_rows
from pipelines.http.budget import CallBudget
from pipelines.http.errors import BudgetSpent
from pipelines.lake import manifest
from pipelines.lake.store import Lake

Json = dict[str, Any]


@dataclass
class PollRecord:
    """`window` is the key of the newest page that is stored, `new_at` the time of the last poll with a new play.

    `calls` counts by hour. `account` says for which consent the account was compared with that of the lake. After a
    refusal no poll is made until `paused_until`, or until a run has read something after `waits_since`.
    """

    polled_at: dt.datetime | None = None
    newest_at: dt.datetime | None = None
    new_at: dt.datetime | None = None
    window: str = ""
    account: str = ""
    paused_until: dt.datetime | None = None
    waits_since: dt.datetime | None = None
    reason: str = ""
    calls: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, lake: Lake) -> Self:
        """The record of the lake. A damaged one counts as none."""
        found = lake.read_json(manifest.LAST_POLL) or {}
        try:
            values: Json = {name: _time(found.get(name)) for name in TIMES}
            values |= {name: str(found.get(name, "")) for name in ("window", "account", "reason")}
            calls = {str(hour): int(count) for hour, count in found.get("calls", {}).items()}
        except (TypeError, ValueError, AttributeError):
            return cls()
        return cls(**values, calls=calls)

    def write(self, lake: Lake) -> None:
        times = {name: found.isoformat() if (found := getattr(self, name)) else None for name in TIMES}
        lake.write_json(manifest.LAST_POLL, asdict(self) | times)

    def calls_of_a_day(self, now: dt.datetime) -> int:
        return sum(pace.calls_of_a_day(self.calls, now).values())


TIMES = ("polled_at", "newest_at", "new_at", "paused_until", "waits_since")


@dataclass(frozen=True)
class LastRuns:
    """What the records of runs say. Times are naive UTC.

    `plays_read_at` is when a run read recently played, `newest_at` the end of the newest play that it saw, and
    `locked_until` the end of the longest lock. `failure` is the message of a run that could read nothing, if a repeat
    without a person would fail again. `new_at` is the last load with new rows, `built_at` the last build.
    """

    read_at: dt.datetime | None = None
    plays_read_at: dt.datetime | None = None
    newest_at: dt.datetime | None = None
    locked_until: dt.datetime | None = None
    failure: str = ""
    new_at: dt.datetime | None = None
    built_at: dt.datetime | None = None
    build_seconds: float = 0.0

    @classmethod
    def read(cls, lake: Lake) -> Self:
        run, failure = (lake.read_json(name) or {} for name in (manifest.LAST_RUN, manifest.LAST_FAILURE))
        build = manifest.last_build(lake, run)
        resources = {row["resource"]: row for row in run.get("resources", ())}
        plays = resources.get("recently_played", {})
        read_at = _time(run.get("read_at"))
        return cls(
            read_at,
            read_at if plays.get("outcome") == "read" else None,
            _time(plays.get("newest_at")),
            max(filter(None, (_time(row.get("not_before")) for row in resources.values())), default=None),
            str(failure.get("message", "")) if failure.get("exit_code", Exit.BROKEN) != Exit.BROKEN else "",
            read_at if has_new_rows(run.get("rows_appended", {})) else None,
            _time(build.get("read_at")),
            float(build.get("seconds", {}).get("build", 0.0)),
        )


class DayBudget(CallBudget):
    """Counts a call in the lake before it is sent, so that a poll that is killed has counted it."""

    def __init__(self, record: PollRecord, now: dt.datetime, write: Callable[[], None]) -> None:
        super().__init__()
        self._poll, self._now, self._write = record, now, write

    def spend(self, endpoint: str, resource: str) -> None:
        if self.by_endpoint.total() >= pace.MOST_OF_A_POLL:
            raise BudgetSpent(f"a poll makes at most {pace.MOST_OF_A_POLL} requests")
        super().spend(endpoint, resource)
        self._poll.calls = pace.calls_of_a_day(self._poll.calls, self._now)
        hour = pace.hour_of(self._now)
        self._poll.calls[hour] = self._poll.calls.get(hour, 0) + 1
        self._write()


def _time(text: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
