"""The rules that say whether a read is complete, without a server."""

import datetime as dt
from typing import Any

import pytest

from pipelines.spotify.sync.completeness import ListRead, Verdict, is_large, judge, page_problem
from pipelines.spotify.sync.page import Page

NOW = dt.datetime(2026, 11, 2, 8)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def keys(*numbers: int) -> set[tuple[Any, ...]]:
    return {(f"key{number}",) for number in numbers}


def read(now: range, before: range, total: int | None, empty: int = 0) -> ListRead:
    return ListRead(keys(*now), keys(*before), empty, total)


def verdict(read: ListRead, state: dict[str, Any], at: dt.timedelta = HOUR * 0, is_confirmed: bool = True) -> Verdict:
    return judge(read, state, NOW + at, lambda: is_confirmed)


@pytest.mark.parametrize(
    ("lost", "known", "expected"),
    [(0, 0, False), (1, 1, True), (20, 100, False), (21, 100, True), (100, 1000, False), (101, 1000, True)],
)
def test_a_loss_is_large_above_twenty_rows_and_a_tenth_or_when_nothing_is_left(
    lost: int, known: int, expected: bool
) -> None:
    assert is_large(lost, known) is expected


def test_rows_that_explain_the_total_are_complete() -> None:
    assert verdict(read(range(10), range(8), 11, empty=1), {}) == Verdict(True)


def test_a_few_absent_rows_are_removed_when_the_list_is_unchanged_at_a_second_look() -> None:
    found = read(range(9), range(10), 9)
    assert verdict(found, {}) == Verdict(True, frozenset(keys(9)))
    assert verdict(found, {}, is_confirmed=False).removed == frozenset()


def test_an_empty_list_is_believed_when_a_read_a_day_later_is_empty_too() -> None:
    state: dict[str, Any] = {}
    empty = read(range(0), range(70), 0)
    assert not verdict(empty, state).is_complete
    assert not verdict(empty, state, HOUR).is_complete
    assert verdict(empty, state, DAY).removed == keys(*range(70))


def test_an_empty_list_that_was_full_in_between_is_not_believed() -> None:
    state: dict[str, Any] = {}
    empty, full = read(range(0), range(70), 0), read(range(70), range(70), 70)
    assert not verdict(empty, state).is_complete
    assert verdict(full, state, HOUR).is_complete
    assert not verdict(empty, state, DAY).is_complete


def test_rows_that_are_counted_and_never_sent_are_accepted_by_the_second_read() -> None:
    state: dict[str, Any] = {}
    short = read(range(10), range(0), 12)
    first = verdict(short, state)
    assert (first.is_complete, first.reason) == (False, "Spotify sent 10 rows of 12; nothing counts as removed")
    assert verdict(read(range(10), range(10), 12), state, HOUR).is_complete
    assert verdict(read(range(9), range(10), 11), state, DAY).removed == keys(9)


def test_many_absent_rows_that_the_total_still_counts_are_never_removed() -> None:
    state: dict[str, Any] = {}
    cut = read(range(50), range(120), 120)
    for days in range(5):
        assert not verdict(cut, state, DAY * days).is_complete


def test_without_a_total_absent_rows_are_removed_by_a_read_a_day_later() -> None:
    state: dict[str, Any] = {}
    assert verdict(read(range(10), range(10), None), state).is_complete
    fewer = read(range(8), range(10), None)
    assert not verdict(fewer, state).is_complete
    assert verdict(fewer, state, DAY).removed == keys(8, 9)


def test_a_cursor_that_leads_back_to_an_earlier_page_is_a_problem() -> None:
    page, first = Page([1], 1, 500, "A"), list[int | str]([0])
    assert page_problem(page, "B", 500, [*first, "A"]) == "Spotify sends the same pages again"
    assert page_problem(page, "A", 500, first) == "Spotify sends the same pages again"
    assert page_problem(page, "B", 500, first) is None


def test_new_cursors_without_end_are_a_problem_when_the_total_explains_fewer_pages() -> None:
    asked: list[int | str] = [0, "A", "B", "C"]
    assert page_problem(Page([1], 1, 200, "E"), "D", 200, asked) is None
    assert page_problem(Page([1], 1, 150, "E"), "D", 150, asked) is not None
    assert page_problem(Page([1], 1, 100, "E", limit=20), "D", 100, asked) is None


def test_an_offset_far_beyond_the_first_total_is_a_problem() -> None:
    assert page_problem(Page([1], 100, 1000, 150), 100, 120, []) is None
    assert page_problem(Page([1], 150, 1000, 200), 150, 120, []) is not None


@pytest.mark.parametrize("total", [400, 0, None])
def test_an_empty_page_before_the_last_row_is_a_problem(total: int | None) -> None:
    assert page_problem(Page([], 100, total, None), 100, 400, [0, 50]) is not None
    assert page_problem(Page([], 0, 0, None), 0, 0, []) is None
