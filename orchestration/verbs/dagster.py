"""`make dagster`: Dagster's web server and its schedule, on this machine only. https://docs.dagster.io"""

import sys
from pathlib import Path

from orchestration.exit_codes import Exit
from orchestration.github.job import environment_with
from orchestration.publish import foreground
from orchestration.publish.environment import python_of
from orchestration.publish.ui import HOST, free_port
from orchestration.report.console import spinner
from pipelines.settings import ROOT, Settings

FOLDER = ROOT / "orchestration" / "dagster"
REQUIREMENTS = FOLDER / "requirements.lock"
PORT = 3000
# One run at a time, because a second one would only wait for the lock of the lake.
INSTANCE = "telemetry:\n  enabled: false\nconcurrency:\n  runs:\n    max_concurrent_runs: 1\n"


def dagster(settings: Settings) -> int:
    """Install Dagster once, and run it until Ctrl-C.

    Raises UserError when Dagster cannot be installed or ends by itself, OSError.
    """
    home = settings.work_dir / "dagster"
    with spinner("installing Dagster (once, about a minute)"):
        program = installed()
    environment = variables(home)
    port = free_port(PORT)
    command = [str(program), "dev", "-m", "orchestration.dagster.definitions", "--host", HOST, "--port", str(port)]
    foreground.serve("Dagster", command, [], (HOST, port), home / "dagster.log", environment)
    return int(Exit.OK)


def installed() -> Path:
    """The command `dagster` of an environment of its own. The first call makes the environment."""
    return python_of(REQUIREMENTS, Path(sys.prefix) / "dagster").with_name("dagster")


def variables(home: Path) -> dict[str, str]:
    """The environment of Dagster. `home` is made, and holds its settings, runs and logs."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(INSTANCE, encoding="utf-8")
    return environment_with(DAGSTER_HOME=str(home), PYTHONPATH=str(ROOT))
