"""What `make follow` says in an evening of the demo listener."""

import datetime as dt
from pathlib import Path
from types import TracebackType

from orchestration.follow import pace
from orchestration.follow.poll import PollResult
from orchestration.follow.screen import Screen
from tests.bench.follow import Listener
from tests.follow.simulated import Moment, Simulated

START = dt.datetime(2026, 10, 9, 16, 50)
SHOWN = 14


class Lines(Screen):
    """Keeps what a terminal would show."""

    def __init__(self, simulated: Simulated) -> None:
        super().__init__(simulated.settings)
        self.lines: list[str] = []
        self.status = ""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def _say(self, text: str, now: Moment, is_problem: bool = False) -> None:
        self.lines.append(f"{self._time(now)}  {text}")

    def waits(self, found: PollResult | None, read_at: Moment, now: Moment) -> None:
        assert found
        self.status = f"{found.calls} of {pace.MOST_CALLS} calls in 24 hours; next poll at {self._time(found.next_at)}"


def evening(folder: Path) -> list[str]:
    simulated = Simulated(folder, Listener(1).shown, START)
    screen = Lines(simulated)
    simulated.screen = screen
    simulated.restart()
    while len(screen.lines) < SHOWN:
        simulated.run(simulated.clock.true + dt.timedelta(minutes=1))
    return [
        "$ make follow",
        "spotify-elt follows the demo account; Ctrl-C ends it",
        *screen.lines,
        f"⠼ {screen.status}",
    ]
