"""The marker: an object beside the lake which says that the tables should be made again.

`extract` writes it, S3 reports the write to EventBridge, and a rule there starts `transform`. The report is only a call
to look: `transform` reads marker and last build itself. So a report that comes twice, late or not at all does no harm.
"""

import datetime as dt
import json
from typing import Any

from orchestration.exit_codes import Exit
from orchestration.report.run_record import RunRecord
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.raw.clock import utc_now

NAME = "markers/new_rows.json"
DAY = dt.timedelta(hours=23)  # a little less, because hourly runs do not start at the same second
# A build with one of these codes made the tables. After another one the next marker starts a build again.
BUILT = (Exit.OK, Exit.RESOURCES_STOPPED, Exit.TESTS_FAILED)


def write_if_due(lake: Lake, record: RunRecord) -> bool:
    """Write the marker after a load with new rows, and once a day without. Returns whether it was written.

    A run that ends between its load and its marker leaves rows that no marker names. The daily one is for them.
    """
    built_at = last_build(lake)
    is_old = built_at is None or utc_now() - built_at >= DAY
    if not (record.has_new_rows or is_old):
        return False
    write(lake, record.read_at, sum(record.rows_appended.values()))
    return True


def write(lake: Lake, read_at: dt.datetime, rows: int) -> None:
    """Write the marker of new rows that were read at this time (naive UTC)."""
    lake.write(_path(lake), json.dumps({"read_at": read_at.isoformat(), "rows": rows}).encode())


def asks_for_build(lake: Lake, at_most_every_hours: float) -> bool:
    """Whether the marker is newer than the last build, and the last build is at least so many hours older."""
    marked_at, built_at = _read(lake), last_build(lake)
    if marked_at is None:
        return False
    return built_at is None or marked_at - built_at > dt.timedelta(hours=at_most_every_hours)


def last_build(lake: Lake) -> dt.datetime | None:
    """When the last build began that made the tables, in naive UTC; None when there was none."""
    last = manifest.last_build(lake)
    if "build" not in last.get("seconds", {}) or last.get("exit_code") not in BUILT:
        return None
    return _time(last.get("read_at"))


def _read(lake: Lake) -> dt.datetime | None:
    """The time in the marker; None when there is none or it cannot be read."""
    try:
        found: Any = json.loads(lake.fs.cat_file(_path(lake)))
        return _time(found["read_at"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _time(text: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except (ValueError, TypeError):
        return None


def _path(lake: Lake) -> str:
    return f"{lake.root.rsplit('/', 1)[0]}/{NAME}"
