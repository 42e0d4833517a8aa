"""The function `extract`: EventBridge Scheduler starts it every hour, and every few minutes for polls if you want."""

import logging
from contextlib import closing
from typing import Any

from orchestration.aws_lambda import function, marker
from orchestration.failures import failure_of
from orchestration.follow.poll import Session, poll
from pipelines.lake.store import Lake
from pipelines.raw.clock import utc_now
from pipelines.settings import Settings, load_settings

POLL = "poll"
# The access token of polls, as long as Lambda keeps the process.
session = Session()
log = logging.getLogger(__name__)


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Load what is new, and write the marker. Returns counts. The event `{"poll": true}` asks for a poll instead."""
    settings = load_settings()
    if isinstance(event, dict) and event.get(POLL):
        return polled(settings)
    with closing(Lake.of(settings)) as lake:
        record = function.carried_out("extract", settings, lake, context)
        is_marked = marker.write_if_due(lake, record)
        function.tell("extract", settings, lake)
    return function.counts(record) | {"marker": is_marked}


def polled(settings: Settings) -> dict[str, Any]:
    """Poll recently played, if that is due, and write the marker after new plays.

    A failed poll is logged and not raised: Lambda need not repeat it, and the hourly run tells what needs a person.
    """
    now = utc_now()
    try:
        found = poll(settings, now, session)
        if found.is_new:
            with closing(Lake.of(settings)) as lake:
                marker.write(lake, now, found.new_plays)
    except Exception as error:
        message, code = failure_of(error, settings)
        log.warning("the poll failed: %s", message)
        return {POLL: "failed", "exit_code": int(code)}
    return {POLL: found.outcome, "rows": found.new_plays, "calls": found.calls, "marker": found.is_new}
