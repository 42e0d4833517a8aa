"""`make follow` for a month: minutes from the end of a play to its row in the marts, and calls a day.

Only one build is run and measured. Polls, budget, records and decisions are those of the program; see
`tests/follow/simulated.py`.
"""

import datetime as dt
import statistics
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from orchestration.follow.pace import MOST_CALLS
from pipelines.demo.world.clock import moment
from pipelines.demo.world.world import Options, World
from tests.bench.subprocesses import ELT, measured, settings
from tests.bench.table import Rows, echo, verdict
from tests.follow.simulated import Moment, Play, Simulated

START, DAYS = dt.datetime(2026, 10, 1), 30
UNTIL = START + dt.timedelta(days=DAYS)
GOAL_MINUTES = 10
MOST_ON_A_QUIET_DAY = 100


class Listener:
    """What recently played shows of the demo listener, or of one who plays nothing."""

    def __init__(self, seed: int) -> None:
        self.world = World(Options(now=moment(UNTIL.isoformat()), seed=seed))

    def shown(self, now: Moment) -> Sequence[Play]:
        return [
            (Moment(1970, 1, 1) + dt.timedelta(milliseconds=play.ended_at), f"track:{play.item}")
            for play in self.world.history.last(moment(now.isoformat()), 50)
        ]


def follow() -> Rows:
    with tempfile.TemporaryDirectory() as folder:
        echo("follow: one build of the demo account")
        environment = settings(Path(folder) / "build")
        measured([ELT, "elt"], environment)
        build_s = statistics.median(measured([ELT, "build"], environment).seconds for _ in range(3))
        return simulated(Path(folder), build_s)


def simulated(folder: Path, build_s: float, seed: int = 1) -> Rows:
    listener = Listener(seed)
    runs = {}
    for name, hourly in (("polls", False), ("hourly", True)):
        echo(f"follow: {DAYS} days, {name}")
        runs[name] = Simulated(folder / name, listener.shown, START, build_s, hourly)
        runs[name].run(UNTIL)
    quiet = Simulated(folder / "quiet", lambda now: [(START - dt.timedelta(days=9), "track:1")], START, build_s)
    echo("follow: a quiet day")
    quiet.run(START + dt.timedelta(days=1))
    polls, hourly_only = runs["polls"], runs["hourly"]
    minutes, slow = delays(polls), delays(hourly_only)
    median, most = statistics.median(minutes), polls.most_in_a_day()
    days = polls.calls_by_day()
    within = sum(one <= GOAL_MINUTES for one in minutes) / len(minutes)
    return [
        ("one build, measured", f"{build_s:.1f} s", "with the start of its process, median of three"),
        ("plays that Spotify showed", f"{len(minutes)}", f"{len(minutes) / DAYS:.0f} a day"),
        ("median from end to marts", f"{median:.1f} min", f"goal {GOAL_MINUTES}: {verdict(median <= GOAL_MINUTES)}"),
        ("  within ten minutes", f"{within:.0%}", ""),
        ("  90 of 100 within", f"{statistics.quantiles(minutes, n=10)[-1]:.1f} min", "the first plays of an evening"),
        ("  without polls (--hourly)", f"{statistics.median(slow):.1f} min", "the same plays, a complete read an hour"),
        ("calls of polls a day", f"{statistics.mean(days.values()):.0f}", "tokens among them"),
        ("  most in any 24 hours", f"{most}", f"at most {MOST_CALLS}: {verdict(most <= MOST_CALLS)}"),
        (
            "  on a day without plays",
            f"{len(quiet.calls)}",
            f"at most {MOST_ON_A_QUIET_DAY}: {verdict(len(quiet.calls) <= MOST_ON_A_QUIET_DAY)}",
        ),
        ("builds a day", f"{polls.builds / DAYS:.0f}", f"{polls.builds * build_s / DAYS / 60:.1f} minutes of a day"),
        ("complete reads a day", f"{polls.steps.count('extract') / DAYS:.0f}", f"{gap(polls)}"),
    ]


def delays(run: Simulated) -> list[float]:
    """Minutes from the end of each play to its row in the marts, for plays that ended in the month."""
    return [
        (run.in_marts.get(play, UNTIL) - play[0]).total_seconds() / 60
        for play in run.stored
        if play[0] >= START and play in run.in_marts
    ]


def gap(run: Simulated) -> str:
    """The longest time between two calls of polls, which the pause of the night makes."""
    longest = max((later - earlier for earlier, later in pairwise(run.calls)), default=dt.timedelta())
    return f"never more than {longest.total_seconds() / 60:.0f} minutes between two calls"


if __name__ == "__main__":
    sys.stdout.writelines(f"{' · '.join(row)}\n" for row in follow())
