"""One form of time for people, in every message."""

import datetime as dt

import pytest

from pipelines.raw.clock import as_text
from pipelines.settings import ROOT


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 11, 26, 13, 5, 59),
        dt.datetime(2026, 11, 26, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        "2026-11-26T13:05:00.123",
        "2026-11-26T14:05:00+01:00",
    ],
)
def test_a_time_is_a_day_and_a_minute_in_utc_whatever_it_was_kept_as(moment: dt.datetime | str) -> None:
    assert as_text(moment) == "2026-11-26 13:05 UTC"


def test_no_message_formats_a_time_by_itself() -> None:
    """Pages, answers and exports (publish) show times of the listener's clock, or in the form of another program."""
    files = [file for part in ("pipelines", "orchestration") for file in (ROOT / part).rglob("*.py")]
    own = [file for file in files if "%H:%M" in file.read_text() and not {"demo", "publish"} & set(file.parts)]
    assert [str(file.relative_to(ROOT)) for file in own] == ["pipelines/raw/clock.py"]
