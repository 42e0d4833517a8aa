"""`make demo-export`: an invented account data export of the demo account, where the next run imports it."""

import subprocess
import sys
from collections.abc import Sequence

from pipelines.settings import ROOT

# Almost two years before the demo clock.
FIRST_DAY = "2025-01-01"
FOLDER = "data/demo/imports"


def demo_export(arguments: Sequence[str] = ()) -> int:
    """Write the archive. `arguments` are options of `python -m pipelines.demo export`; later ones win."""
    # The demo account is a program of its own, which no other code imports.
    command = [sys.executable, "-m", "pipelines.demo", "export", FOLDER, "--from", FIRST_DAY, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode
