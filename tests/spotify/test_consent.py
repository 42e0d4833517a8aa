"""A consent lasts six months, however often it is refreshed, and a warning comes before its end."""

import datetime as dt

import pytest

from pipelines.spotify.auth import consent_ends_at, consent_warning
from pipelines.spotify.errors import ConsentNeeded


@pytest.mark.parametrize(
    ("days_left", "words"), [(31, None), (30, "before then"), (8, "before then"), (7, "now"), (1, "now")]
)
def test_the_end_of_the_consent_is_reported_thirty_and_seven_days_before(days_left: int, words: str | None) -> None:
    consented_at = dt.datetime(2026, 5, 31, 12)
    ends_at = dt.datetime(2026, 11, 30, 12)
    assert consent_ends_at(consented_at) == ends_at
    warning = consent_warning(consented_at, ends_at - dt.timedelta(days=days_left))
    assert (words is None) == (warning is None)
    assert words is None or (
        words in str(warning) and f"{days_left} days" in str(warning) and "2026-11-30" in str(warning)
    )


def test_a_consent_of_six_months_is_over() -> None:
    with pytest.raises(ConsentNeeded, match=r"2026-05-31.*2026-11-30.*make login"):
        consent_warning(dt.datetime(2026, 5, 31, 12), dt.datetime(2026, 11, 30, 12))
    assert consent_warning(None, dt.datetime(2030, 1, 1)) is None


def test_six_months_after_the_last_day_of_a_month_is_not_in_the_seventh_month() -> None:
    assert consent_ends_at(dt.datetime(2026, 8, 31)) == dt.datetime(2027, 2, 28)
    assert consent_ends_at(dt.datetime(2026, 1, 15)) == dt.datetime(2026, 7, 15)
