"""Nobody is told the same thing every hour, and everybody is told when it is over."""

import datetime as dt
from pathlib import Path

from orchestration.notices.told import Reason, notice, read, write

NOW = dt.datetime(2026, 11, 26, 13)
HOUR = dt.timedelta(hours=1)
Reasons = dict[str, Reason]


def hours(
    current: dict[str, str], count: int, kept: Reasons | None = None, start: int = 0
) -> tuple[list[str], Reasons]:
    """The messages of hourly runs with these reasons, and what is kept after them."""
    kept = kept or {}
    messages = []
    for hour in range(start, start + count):
        found = notice(kept, current, NOW + hour * HOUR)
        if found.due or found.over:
            messages.append(found.message)
        kept = found.told(NOW + hour * HOUR) if found.due or found.over else found.reasons
    return messages, kept


def test_a_failure_is_told_at_once_then_daily_and_its_end_once() -> None:
    messages, kept = hours({"failed:extract": "it failed"}, 50)
    assert messages == ["it failed"] * 3
    assert hours({}, 5, kept, 50) == (["Everything is well again.\nOver: it failed"], {})


def test_a_second_failure_is_told_at_once_and_the_end_of_one_of_two_is_not_the_end() -> None:
    _, kept = hours({"failed:extract": "it failed"}, 2)
    both = {"failed:extract": "it failed", "tests": "a test failed"}
    messages, kept = hours(both, 2, kept, 2)
    assert messages == ["a test failed"]
    assert hours({"tests": "a test failed"}, 1, kept, 4)[0] == ["Over: it failed"]


def test_another_failure_of_the_same_verb_is_told_at_once() -> None:
    _, kept = hours({"failed:extract": "`make extract` ended with exit code 4: no consent"}, 2)
    other = "`make extract` ended with exit code 2: no such option"
    assert hours({"failed:extract": other}, 2, kept, 2)[0] == [other]
    _, kept = hours({"failed:extract": other}, 2)
    assert hours({"failed:extract": other + ", in other words"}, 2, kept, 2)[0] == []


def test_the_end_of_the_consent_is_told_once_for_each_step_and_daily_when_it_is_over() -> None:
    thirty, kept = hours({"consent-30": "ends in 30 days"}, 100)
    seven, kept = hours({"consent-7": "ends in 7 days"}, 100, kept, 100)
    over, _ = hours({"consent-ended": "has ended"}, 30, kept, 200)
    assert (thirty, seven, over) == (["ends in 30 days"], ["ends in 7 days"], ["has ended"] * 2)


def test_two_runs_that_overlap_and_a_resource_that_stops_once_are_not_told() -> None:
    assert hours({"busy:extract": "held"}, 3)[0] == []
    assert hours({"busy:extract": "held"}, 5)[0] == ["held"]
    messages, kept = hours({"stopped:saved_shows": "not read for days"}, 40)
    assert messages == []
    assert hours({}, 1, kept, 40) == ([], {})
    assert hours({"stopped:saved_shows": "not read for days"}, 100)[0] == ["not read for days"]


def test_reasons_are_kept_in_a_file_and_a_damaged_file_is_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "told.json"
    reasons = {"tests": Reason("a test failed", NOW, NOW), "busy:extract": Reason("held", NOW)}
    write(file, reasons)
    assert read(file) == reasons
    for text in ("", "{", "[]", '{"tests": {}}'):
        file.write_text(text)
        assert read(file) == {}
