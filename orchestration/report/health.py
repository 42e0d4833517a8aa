"""Whether runs happen and can read: the answer of `status --check`, for a container or a monitor."""

import datetime as dt
from typing import Any

from orchestration.exit_codes import Exit
from pipelines.raw.clock import as_text

Record = dict[str, Any]
LONGEST_PAUSE = dt.timedelta(hours=3)
HEALTHY = (Exit.OK, Exit.RESOURCES_STOPPED)


def problem(last: Record, failure: Record | None, last_build: Record, now: dt.datetime | None) -> str:
    """What is wrong, as one sentence; empty when all is well. `now` is naive UTC, None for the demo account."""
    if failure:
        return f"the last run could read nothing: {failure['message']}"
    if not last:
        return "no run has read the account yet"
    read_at = dt.datetime.fromisoformat(last["read_at"])
    if now and now - read_at > LONGEST_PAUSE:
        return f"no run has read the account since {as_text(read_at)}"
    for record in (last, last_build):
        if record and record["exit_code"] not in HEALTHY:
            return f"`{record['verb']}` ended with exit code {record['exit_code']}"
    return ""
