"""Both DAGs of Airflow on the demo account, beside the verbs that do the same, in processor seconds."""

import tempfile
from pathlib import Path

from orchestration.verbs import airflow as verb
from tests.airflow.conftest import Airflow
from tests.bench.subprocesses import ELT, Measured, measured, settings
from tests.bench.table import Rows, echo, verdict

MOST = 3.0


def airflow_dags() -> Rows:
    """Each measured extract finds nothing new, and each measured build makes all tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = settings(folder)
        echo("airflow: make elt, then make extract and make build")
        measured([ELT, "elt"], environment)
        extract = measured([ELT, "extract"], environment)
        build = measured([ELT, "build"], environment)
        echo("airflow: a new database, then both DAGs with airflow dags test")
        airflow = Airflow(verb.installed(), folder)

        def dag(name: str, **variables: str) -> Measured:
            command = [str(airflow.program), "dags", "test", name]
            return measured(command, airflow.environment | variables)

        dag("spotify_extract")
        extract_dag, build_dag = dag("spotify_extract"), dag("spotify_build")
        by_model = dag("spotify_build", AIRFLOW_VAR_SPOTIFY_BUILD_BY="model")
    goal = f", goal: at most {MOST:.0f}: {verdict(build_dag.cpu_seconds <= MOST * build.cpu_seconds)}"
    return [
        _row("make extract", extract, ""),
        _row("make build", build, ""),
        _row("spotify_extract", extract_dag, f"{extract_dag.cpu_seconds / extract.cpu_seconds:.1f} of make extract"),
        _row("spotify_build", build_dag, f"{build_dag.cpu_seconds / build.cpu_seconds:.1f} of make build{goal}"),
        _row("  a task for each model", by_model, f"{by_model.cpu_seconds / build.cpu_seconds:.1f} of make build"),
    ]


def _row(name: str, run: Measured, note: str) -> tuple[str, str, str]:
    clock = f"{run.seconds:.1f} s by the clock"
    return name, f"{run.cpu_seconds:.1f} CPU s", f"{note}; {clock}" if note else clock
