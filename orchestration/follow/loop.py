"""Follows the listener until it is told to end: polls, one complete read in an hour, and builds of what is new.

It needs no other scheduler. Where cron or another machine reads every hour, it leaves that to them. The complete read
and the build are runs of `make scheduled`, in processes of their own: they tell the listener what needs a person, and
their memory is free again afterwards.
"""

import datetime as dt
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from types import FrameType

from orchestration.failures import failure_of
from orchestration.follow import pace
from orchestration.follow.poll import LATER, PollResult, Session, poll
from orchestration.follow.record import LastRuns, PollRecord
from orchestration.follow.screen import Screen
from orchestration.verbs.scheduled import scheduled
from pipelines.lake import manifest
from pipelines.lake.lock import locked
from pipelines.lake.store import Lake
from pipelines.raw.clock import utc_now
from pipelines.settings import DEMO_START, Settings

SHORTEST_WAIT = dt.timedelta(seconds=20)
LONGEST_WAIT = 10 * pace.MINUTE


class Clock:
    """The time, and a wait that a signal ends. The demo account's clock begins where its last run ended."""

    def __init__(self, settings: Settings, last_read_at: dt.datetime | None) -> None:
        start = max(last_read_at or DEMO_START, settings.demo_now or DEMO_START) if settings.is_demo else utc_now()
        self._ahead = start - utc_now()
        self._is_demo = settings.is_demo
        self._end = threading.Event()

    def now(self) -> dt.datetime:
        return utc_now() + (self._ahead if self._is_demo else dt.timedelta())

    def end(self) -> None:
        self._end.set()

    @property
    def is_over(self) -> bool:
        return self._end.is_set()

    def wait(self, time: dt.timedelta) -> None:
        self._end.wait(time.total_seconds())


class Follower:
    """One `turn` after the other. `step` runs a verb in a process of its own."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        screen: Screen,
        step: Callable[[tuple[str, ...]], int] = scheduled,
        hourly: bool = False,
    ) -> None:
        self._settings, self._clock, self._screen, self._step = settings, clock, screen, step
        self._polls = not hourly
        self._session = Session()
        self._tried: dict[str, dt.datetime] = {}

    def turn(self) -> dt.timedelta:
        """Do what is due. Returns the time until something is due again."""
        runs, _ = self._records()
        self._run("extract", self._due("extract", runs.read_at + pace.EVERY_HOUR if runs.read_at else None))
        found = self._poll() if self._polls else None
        runs, record = self._records()
        new_at = max(filter(None, (runs.new_at, record.new_at)), default=None)
        build_at = pace.next_build(new_at, runs.built_at, runs.build_seconds, self._settings.target)
        if build_at:
            build_at = self._due("build", build_at)
            if self._run("build", build_at):
                build_at = None
        now = self._clock.now()
        read_at = runs.read_at + pace.EVERY_HOUR if runs.read_at else now + LONGEST_WAIT
        self._screen.waits(found, read_at, now)
        next_at = min(time for time in (found.next_at if found else None, build_at, read_at) if time)
        return min(max(next_at - now, SHORTEST_WAIT), LONGEST_WAIT)

    def _records(self) -> tuple[LastRuns, PollRecord]:
        with closing(Lake.of(self._settings)) as lake:
            return LastRuns.read(lake), PollRecord.read(lake)

    def _due(self, verb: str, due: dt.datetime | None) -> dt.datetime:
        """The time of the next run of a verb: not before the pause after a try that changed nothing has ended."""
        tried = self._tried.get(verb)
        return max(filter(None, (due, tried and tried + LATER)), default=self._clock.now())

    def _run(self, verb: str, due: dt.datetime) -> bool:
        """Run the verb if it is due. Returns whether the records then show a new run."""
        now = self._clock.now()
        if now < due or self._clock.is_over:
            return False
        before, _ = self._records()
        self._tried[verb] = now
        with self._screen.works(verb):
            self._step((verb,))
        after, _ = self._records()
        is_done = (before.read_at, before.built_at) != (after.read_at, after.built_at)
        if is_done:
            del self._tried[verb]
        self._screen.ran(verb, is_done, after, self._clock.now())
        return is_done

    def _poll(self) -> PollResult:
        now = self._clock.now()
        try:
            with self._screen.works("poll"):
                found = poll(self._settings, now, self._session)
        except Exception as error:
            # A poll that breaks does not end the complete reads, which tell the listener what is wrong.
            reason, _ = failure_of(error, self._settings)
            found = PollResult("failed", now + LATER, 0, reason=reason)
        self._screen.polled(found, now)
        return found


def follow(settings: Settings, hourly: bool = False) -> int:
    """Follow the listener until Ctrl-C or SIGTERM, with `hourly` without polls.

    Returns 0. Raises Busy when another process follows this lake.
    """
    with closing(Lake.of(settings)) as lake:
        clock = Clock(settings, manifest.last_read_at(lake))
    folder = settings.scratch_dir / "follow" / settings.working_dir.name
    with locked(folder, "follow"), _signals(clock.end), Screen(settings) as screen:
        follower = Follower(settings, clock, screen, hourly=hourly)
        # While dlt loads the plays of a poll, its own handler takes the signal and raises this. The next poll finishes.
        with suppress(KeyboardInterrupt):
            while not clock.is_over:
                clock.wait(follower.turn())
    return 0


@contextmanager
def _signals(end: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and SIGTERM let the work that is under way end. A second Ctrl-C interrupts it."""

    def told(number: int, frame: FrameType | None) -> None:
        end()
        signal.signal(signal.SIGINT, before[signal.SIGINT])

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
