"""The demo account: a server on this machine that answers like Spotify, started for one run."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipelines.settings import DEMO_START, ROOT, Settings


def demo_clock(settings: Settings, last_read_at: Callable[[], dt.datetime | None]) -> dt.datetime:
    """The time of the demo account, in naive UTC: DEMO_DAYS after DEMO_NOW.

    Unless DEMO_NOW is set, the clock is never before the last run of the lake, so that repeating a command reads the
    same day again.
    """
    now = (settings.demo_now or DEMO_START) + dt.timedelta(days=settings.demo_days)
    return max(now, last_read_at() or now) if settings.demo_now is None else now


@contextmanager
def demo_account(settings: Settings, last_read_at: Callable[[], dt.datetime | None]) -> Iterator[Settings]:
    """Start the demo server and yield the settings with its addresses. Settings of an own account stay unchanged."""
    if not settings.is_demo:
        yield settings
        return
    now = demo_clock(settings, last_read_at)
    command = [sys.executable, "-m", "pipelines.demo", "--port", "0", "--now", f"{now.isoformat()}Z"]
    with subprocess.Popen(
        [*command, "--until-stdin-closes"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin and server.stdout
        try:
            addresses = json.loads(server.stdout.readline())
            changes = {
                "client_id": "demo-client",
                "refresh_token": "demo-refresh-token",
                "api_url": addresses["api_url"],
                "accounts_url": addresses["accounts_url"],
                "now": now,
            }
            yield settings.model_copy(update=changes)
        finally:
            server.stdin.close()
