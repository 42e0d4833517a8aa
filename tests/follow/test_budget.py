"""Polls make at most 300 calls in any 24 hours, whatever the listener, the clock and the machine do."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from orchestration.follow.record import DayBudget, PollRecord
from pipelines.http.errors import BudgetSpent
from tests.follow.simulated import Moment, Play, Shown, Simulated, record_of

START = dt.datetime(2026, 11, 2, 8)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def all_the_time(every: dt.timedelta) -> Shown:
    """A listener who never stops, with a play every so often."""

    def shown(now: Moment) -> Sequence[Play]:
        newest = (now - START + 10 * DAY) // every
        return [(START - 10 * DAY + number * every, f"track:{number}") for number in range(newest, newest - 50, -1)]

    return shown


def silence(now: Moment) -> Sequence[Play]:
    return [(START - DAY, "track:1")]


@pytest.mark.parametrize("every", [dt.timedelta(seconds=30), dt.timedelta(minutes=3)], ids=str)
def test_a_listener_day_and_night_costs_at_most_300_calls(tmp_path: Path, every: dt.timedelta) -> None:
    simulated = Simulated(tmp_path, all_the_time(every), START)
    simulated.run(START + 30 * HOUR)
    assert 200 <= simulated.most_in_a_day() <= 300


def test_restarts_forget_no_call(tmp_path: Path) -> None:
    simulated = Simulated(tmp_path, all_the_time(MINUTE), START)
    for number in range(1, 150):
        simulated.run(START + number * 10 * MINUTE)
        simulated.restart()
    assert 200 <= simulated.most_in_a_day() <= 300


def test_clocks_that_go_back_an_hour_or_are_wrong_by_a_day_give_no_more_calls(tmp_path: Path) -> None:
    simulated = Simulated(tmp_path, all_the_time(MINUTE), START)
    for number in range(1, 37):
        simulated.clock.ahead = {9: -HOUR, 10: HOUR, 20: -DAY, 21: dt.timedelta(), 27: 20 * HOUR}.get(
            number, simulated.clock.ahead
        )
        simulated.run(START + number * HOUR)
    assert simulated.most_in_a_day() <= 300


def test_a_quiet_day_costs_less_than_100_calls(tmp_path: Path) -> None:
    simulated = Simulated(tmp_path, silence, START)
    simulated.run(START + DAY)
    assert 40 <= len(simulated.calls) <= 100


def test_a_poll_that_is_killed_has_counted_its_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    simulated = Simulated(tmp_path, all_the_time(MINUTE), START)
    simulated.run(START + 5 * MINUTE)
    monkeypatch.setattr(Simulated, "_load", killed)
    for _ in range(5):
        simulated.clock.wait(11 * MINUTE)
        simulated.restart()
        with pytest.raises(KeyboardInterrupt):
            simulated.run(simulated.clock.true + 2 * MINUTE)
    assert len(simulated.calls) >= 10
    assert sum(record_of(simulated)["calls"].values()) == len(simulated.calls)


def test_one_poll_makes_five_requests_at_most() -> None:
    record, written = PollRecord(), []
    budget = DayBudget(record, START, lambda: written.append(dict(record.calls)))
    for _ in range(5):
        budget.spend("me", "me")
    with pytest.raises(BudgetSpent, match="at most 5 requests"):
        budget.spend("me", "me")
    assert written[-1] == {"2026-11-02T08": 5}
    assert len(written) == 5
