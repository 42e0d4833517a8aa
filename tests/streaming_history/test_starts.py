"""When a play began, by the clock of the device."""

import datetime as dt
from pathlib import Path

import pytest

from tests.streaming_history.exports import extended, write
from tests.streaming_history.lakes import ExportLake

END = extended(1)["ts"].rstrip("Z")
SECOND = int(dt.datetime.fromisoformat(END).replace(tzinfo=dt.UTC).timestamp())
LENGTH_S = 180


@pytest.mark.parametrize(
    ("sent", "seconds_before_end"),
    [
        (SECOND - LENGTH_S, LENGTH_S),
        (SECOND - LENGTH_S - 3600, LENGTH_S + 3600),
        ((SECOND - LENGTH_S) * 1000 - 250, LENGTH_S + 0.25),
        (SECOND - LENGTH_S + 4, LENGTH_S - 4),
        (SECOND - LENGTH_S + 6, None),
        (SECOND + 7080, None),
        (0, None),
        (7, None),
        (None, None),
        ("soon", None),
        (10**18, None),
    ],
    ids=[
        "seconds",
        "paused for an hour",
        "milliseconds",
        "clock 4 s ahead",
        "clock 6 s ahead",
        "clock two hours ahead",
        "0",
        "one digit",
        "null",
        "a text",
        "19 digits",
    ],
)
def test_the_start_is_the_time_of_the_device_where_it_is_possible(
    lake: ExportLake, tmp_path: Path, sent: object, seconds_before_end: float | None
) -> None:
    lake.take(write(tmp_path / "x.json", [extended(1, offline_timestamp=sent, ms_played=LENGTH_S * 1000)]))
    [row] = lake.rows("streams")
    started = row["started_at"]
    assert (row["ts"] - started).total_seconds() == seconds_before_end if started else seconds_before_end is None
    assert row["offline_timestamp"] == (sent if isinstance(sent, int) else None)
