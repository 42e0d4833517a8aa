"""When a play began, by the clock of the device."""

import datetime as dt
from pathlib import Path

from tests.streaming_history.exports import extended, write
from tests.streaming_history.lakes import ExportLake

END = extended(1)["ts"].rstrip("Z")
SECOND = int(dt.datetime.fromisoformat(END).replace(tzinfo=dt.UTC).timestamp())
LENGTH_S = 180


# What the record says, and how many seconds before the end the start is.
SENT: dict[str, tuple[object, float | None]] = {
    "seconds": (SECOND - LENGTH_S, LENGTH_S),
    "paused for an hour": (SECOND - LENGTH_S - 3600, LENGTH_S + 3600),
    "milliseconds": ((SECOND - LENGTH_S) * 1000 - 250, LENGTH_S + 0.25),
    "clock 4 s ahead": (SECOND - LENGTH_S + 4, LENGTH_S - 4),
    "clock 6 s ahead": (SECOND - LENGTH_S + 6, None),
    "clock two hours ahead": (SECOND + 7080, None),
    "0": (0, None),
    "one digit": (7, None),
    "null": (None, None),
    "a text": ("soon", None),
    "19 digits": (10**18, None),
}


def test_the_start_is_the_time_of_the_device_where_it_is_possible(lake: ExportLake, tmp_path: Path) -> None:
    records = [
        extended(1, master_metadata_track_name=case, offline_timestamp=sent, ms_played=LENGTH_S * 1000)
        for case, (sent, _) in SENT.items()
    ]
    lake.take(write(tmp_path / "x.json", records))
    rows = lake.rows("streams")
    found = {
        row["master_metadata_track_name"]: row["started_at"] and (row["ts"] - row["started_at"]).total_seconds()
        for row in rows
    }
    assert found == {case: seconds for case, (_, seconds) in SENT.items()}
    kept = {row["master_metadata_track_name"]: row["offline_timestamp"] for row in rows}
    assert kept == {case: sent if isinstance(sent, int) else None for case, (sent, _) in SENT.items()}
