"""`make demo-export`: an invented account data export of the demo account, where the next run imports it."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing

from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.settings import ROOT, Settings
from pipelines.spotify.demo_account import demo_clock

# Almost two years before the demo clock.
FIRST_DAY = "2025-01-01"


def demo_export(settings: Settings, arguments: Sequence[str] = ()) -> int:
    """Write the archive, with the plays up to the time of the demo account.

    A shorter export would leave a gap between its end and the first play that later runs saw. `arguments` are options
    of `python -m pipelines.demo export`; later ones win.
    """

    def last_read_at() -> dt.datetime | None:
        if not settings.is_demo:
            return None  # runs of an own account do not move the clock of the demo account
        with closing(Lake.of(settings)) as lake:
            return manifest.last_read_at(lake)

    until = f"{demo_clock(settings, last_read_at).isoformat()}Z"
    folder = os.path.relpath(settings.demo_imports_dir, ROOT)
    # The demo account is a program of its own, which no other code imports.
    command = [sys.executable, "-m", "pipelines.demo", "export", folder, "--from", FIRST_DAY, "--until", until]
    return subprocess.run([*command, *arguments], cwd=ROOT, check=False).returncode
