"""`make airflow`: Airflow with both DAGs, on this machine only. https://airflow.apache.org/docs/"""

import shutil
import subprocess
import sys
from pathlib import Path

from orchestration.exit_codes import Exit, UserError
from orchestration.github.job import environment_with
from orchestration.publish import foreground
from orchestration.publish.environment import python_of
from orchestration.publish.ui import HOST, free_port
from orchestration.report.console import echo, spinner
from orchestration.warehouses import dbt, warehouse
from pipelines.settings import ROOT, Settings

FOLDER = ROOT / "orchestration" / "airflow"
REQUIREMENTS = FOLDER / "requirements.lock"
MANIFEST = FOLDER / "include" / "manifest.json"
POOL = ("spotify_duckdb", "1", "One task at a time writes the DuckDB file")
PORT = 8080
# `airflow standalone` starts these too. It also starts two servers for logs, which listen on every network and have no
# setting against it. Nobody needs them here: the web server reads the logs from their files.
PROGRAMS = (("scheduler", "--skip-serve-logs"), ("dag-processor",), ("api-server",))


def airflow(settings: Settings) -> int:
    """Install Airflow once, and run it until Ctrl-C. The first run of both DAGs begins at once.

    Raises UserError when Airflow cannot be installed or ends by itself, OSError.
    """
    home = settings.work_dir / "airflow"
    home.mkdir(parents=True, exist_ok=True)
    with spinner("installing Airflow (once, about a minute)"):
        program = python_of(REQUIREMENTS, Path(sys.prefix) / "airflow").with_name("airflow")
    port = free_port(PORT)
    environment = environment_with(**variables(home, port))
    with spinner("preparing Airflow's database"):
        write_manifest(settings)
        for command in (("db", "migrate"), ("pools", "set", *POOL)):
            _done(program, command, environment)
    echo(f"Airflow, on this machine only, until Ctrl-C: http://{HOST}:{port} (it answers in about half a minute)")
    with (home / "airflow.log").open("w") as log:
        commands = [[str(program), *words] for words in PROGRAMS]
        ended = foreground.run_together(commands, env=environment, stdout=log, stderr=subprocess.STDOUT)
    if ended:
        raise UserError(f"Airflow ended with code {ended}; {home / 'airflow.log'} says why")
    return int(Exit.OK)


def variables(home: Path, port: int = PORT) -> dict[str, str]:
    """The settings of Airflow as environment variables. `home` holds its database and logs."""
    return {
        "AIRFLOW_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "AIRFLOW__CORE__DAGS_FOLDER": str(FOLDER / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        # The address is this machine's own, so there is no login.
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
        "no_proxy": HOST,
    }


def write_manifest(settings: Settings) -> None:
    """Write dbt's list of all models beside the DAGs. Airflow needs it for a task per model."""
    made = dbt.manifest(warehouse.of(settings).project)
    shutil.copyfile(made, MANIFEST)


def _done(program: Path, command: tuple[str, ...], environment: dict[str, str]) -> None:
    done = subprocess.run([program, *command], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise UserError(f"`airflow {' '.join(command)}` failed: {' '.join(reason)}")
