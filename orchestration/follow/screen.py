"""What `make follow` shows on a terminal: a line for each thing that happened. Elsewhere only problems, on stderr."""

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from zoneinfo import ZoneInfo

from rich.status import Status

from orchestration.follow import pace
from orchestration.follow.poll import PollResult
from orchestration.follow.record import LastRuns
from orchestration.report.console import echo, out
from pipelines.raw.clock import time_of_day
from pipelines.settings import Settings

DOING = {"extract": "reading everything", "build": "building the tables", "poll": "asking for the last plays"}


class Screen:
    """Times are shown in TIME_ZONE."""

    def __init__(self, settings: Settings) -> None:
        self._zone = ZoneInfo(settings.time_zone)
        self._is_demo = settings.is_demo
        self._status: Status | None = None
        self._problem = ""

    def __enter__(self) -> "Screen":
        if out.is_terminal:
            account = "the demo account" if self._is_demo else "your account"
            echo(f"spotify-elt follows {account}; Ctrl-C ends it", style="bold")
            self._status = out.status(
                "", spinner="dots" if out.encoding.startswith("utf") else "line", refresh_per_second=4
            )
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status:
            self._status.stop()

    @contextmanager
    def works(self, verb: str) -> Iterator[None]:
        """Show what is being done."""
        if self._status:
            self._status.update(DOING[verb])
        yield

    def ran(self, verb: str, is_done: bool, runs: LastRuns, now: dt.datetime) -> None:
        """Show that a complete read or a build ended, or that it left no record."""
        if not is_done:
            self._say(f"{verb} brought nothing; data/scheduled/scheduled.log says why", now, is_problem=True)
        elif verb == "build":
            self._say(f"tables built in {runs.build_seconds:.0f} s", now)
        else:
            self._say(f"everything read: {'new rows' if runs.new_at == runs.read_at else 'nothing new'}", now)

    def polled(self, found: PollResult, now: dt.datetime) -> None:
        """Show new plays, and why polls pause when the reason changed."""
        if found.is_new:
            plays = "1 new play" if found.new_plays == 1 else f"{found.new_plays} new plays"
            last = f"; the last one ended at {self._time(found.newest_at)}" if found.newest_at else ""
            self._say(f"{plays}{last}", now)
        problem = found.reason if found.outcome in ("paused", "failed") else ""
        if problem and problem != self._problem:
            self._say(f"no polls until {self._time(found.next_at)}: {problem}", now, is_problem=True)
        self._problem = problem

    def waits(self, found: PollResult | None, read_at: dt.datetime, now: dt.datetime) -> None:
        """Show what comes next: a poll, or without polls the complete read."""
        if not self._status:
            return
        if found is None:
            self._status.update(f"everything is read again at {self._time(max(read_at, now))}")
        else:
            calls = f"{found.calls} of {pace.MOST_CALLS} calls in 24 hours"
            self._status.update(f"{calls}; next poll at {self._time(max(found.next_at, now))}")

    def _say(self, text: str, now: dt.datetime, is_problem: bool = False) -> None:
        line = f"{self._time(now)}  {text}"
        if self._status:
            echo(line, style="yellow" if is_problem else None)
        elif is_problem:
            print(line, file=sys.stderr, flush=True)

    def _time(self, moment: dt.datetime) -> str:
        return time_of_day(moment, self._zone)
