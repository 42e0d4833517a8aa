"""When a poll and a build are due."""

import datetime as dt

import pytest

from orchestration.follow.pace import HOUR, MINUTE, calls_of_a_day, may_poll, next_build, next_poll

NOW = dt.datetime(2026, 11, 2, 8)


@pytest.mark.parametrize(
    ("last", "newest", "calls", "minutes"),
    [
        (1, 2, 0, 4),
        (1, 11, 0, 4),
        (1, 13, 0, 10),
        (1, 115, 0, 30),
        (1, None, 0, 30),
        (1, 2, 140, 6),
        (1, 2, 200, 12),
        (1, 2, 240, 30),
    ],
)
def test_the_longer_the_silence_and_the_fewer_calls_are_left_the_later_is_the_next_poll(
    last: int, newest: int | None, calls: int, minutes: int
) -> None:
    read_at = NOW - last * MINUTE
    newest_at = None if newest is None else NOW - newest * MINUTE
    assert next_poll(read_at, newest_at, calls, NOW) == read_at + minutes * MINUTE


def test_a_first_poll_is_due_at_once_and_so_is_one_after_a_clock_that_was_ahead() -> None:
    assert next_poll(None, None, 0, NOW) == NOW
    assert next_poll(NOW + HOUR, None, 0, NOW) == NOW


def test_calls_count_for_24_hours_and_those_of_a_clock_that_was_ahead_count_now() -> None:
    hours = {"2026-11-01T07": 5, "2026-11-01T08": 6, "2026-11-02T08": 1, "2027-01-01T00": 9}
    assert calls_of_a_day(hours, NOW) == {"2026-11-01T08": 6, "2026-11-02T08": 10}


def test_a_poll_is_made_only_if_all_its_calls_are_left() -> None:
    assert may_poll(295)
    assert not may_poll(296)


@pytest.mark.parametrize(
    ("new", "built", "seconds", "target", "due"),
    [
        (None, 1, 7, "dev", None),
        (2, 1, 7, "dev", None),
        (1, None, 0, "dev", 1),
        (1, 9, 7, "dev", 9 - 4),
        (1, 9, 30, "dev", 9 - 10),
        (1, 9, 30, "prod", 9 - 60),
    ],
)
def test_a_build_is_due_for_new_rows_and_takes_a_small_part_of_the_time(
    new: int | None, built: int | None, seconds: float, target: str, due: int | None
) -> None:
    """Minutes before now."""
    found = next_build(
        None if new is None else NOW - new * MINUTE, None if built is None else NOW - built * MINUTE, seconds, target
    )
    assert found == (None if due is None else NOW - due * MINUTE)
