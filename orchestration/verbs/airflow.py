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
from orchestration.report.console import echo, relative_path, spinner
from orchestration.warehouses import warehouse
from orchestration.warehouses.dbt_manifest import manifest
from pipelines.settings import ROOT, Settings

FOLDER = ROOT / "orchestration" / "airflow"
REQUIREMENTS = FOLDER / "requirements.lock"
POOL = ("spotify_duckdb", "1", "One task at a time writes the DuckDB file")
PORT = 8080
# `airflow standalone` starts these too. It also starts two servers for logs, which listen on every network and have no
# setting against it. Nobody needs them here: the web server reads the logs from their files.
PROGRAMS = (("api-server",), ("scheduler", "--skip-serve-logs"), ("dag-processor",))
# What the tasks need of this repository, for an image of Astronomer.
COPIED = ("pipelines", "orchestration", "transform", "pyproject.toml")
NOT_COPIED = ("__pycache__", "airflow", "dagster", "terraform", "target", "logs", ".env", ".user.yml", "*.egg-info")


def airflow(settings: Settings, astro: bool = False) -> int:
    """Install Airflow once, and run it until Ctrl-C. The first run of both DAGs begins at once.

    With `astro`, copy the project into the Astro project instead. Raises UserError when Airflow cannot be installed or
    ends by itself, OSError.
    """
    if astro:
        return copy_project(settings)
    home = settings.work_dir / "airflow"
    with spinner("installing Airflow (once, about a minute)"):
        program = installed()
    port = free_port(PORT)
    environment = variables(home, port)
    with spinner("preparing Airflow's database"):
        write_manifest(settings, home)
        for command in (("db", "migrate"), ("pools", "set", *POOL)):
            _done(program, command, environment)
    # A task that starts before the web server answers fails, because it reports to the server.
    server, *others = ([str(program), *words] for words in PROGRAMS)
    foreground.serve("Airflow", server, others, (HOST, port), home / "airflow.log", environment)
    return int(Exit.OK)


def installed() -> Path:
    """The command `airflow` of an environment of its own. The first call makes the environment."""
    return python_of(REQUIREMENTS, Path(sys.prefix) / "airflow").with_name("airflow")


def variables(home: Path, port: int = PORT) -> dict[str, str]:
    """The environment of Airflow. `home` holds its database and logs. Variables of Airflow that are set already win."""
    ours = {
        "AIRFLOW__CORE__DAGS_FOLDER": str(FOLDER / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        # Only this machine reaches the address, so there is no login.
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
        # On a busy small machine the web server takes longer than the five seconds that a task waits by default.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
    }
    # A proxy cannot reach this machine's own address.
    return ours | environment_with(AIRFLOW_HOME=str(home), PYTHONPATH=str(ROOT), no_proxy=HOST, NO_PROXY=HOST)


def write_manifest(settings: Settings, home: Path) -> None:
    """Write dbt's list of all models into a folder of Airflow. The DAG needs it for a task per model."""
    made = manifest(warehouse.of(settings).project)
    (home / "include").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, home / "include" / "manifest.json")


def copy_project(settings: Settings) -> int:
    """Copy what the tasks need into the Astro project, from which Astronomer's command makes an image."""
    copy = FOLDER / "include" / "project"
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.rmtree(copy / name, ignore_errors=True)
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
        else:
            shutil.copyfile(ROOT / name, copy / name)
    write_manifest(settings, FOLDER)
    echo(f"copied to {relative_path(str(copy))}; next: `astro dev start` in {relative_path(str(FOLDER))}")
    return int(Exit.OK)


def _done(program: Path, command: tuple[str, ...], environment: dict[str, str]) -> None:
    done = subprocess.run([program, *command], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise UserError(f"`airflow {' '.join(command)}` failed: {' '.join(reason)}")


if __name__ == "__main__":  # an image is made with Airflow in it
    installed()
