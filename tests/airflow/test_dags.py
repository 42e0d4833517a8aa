"""Both DAGs in Airflow itself, on the demo account and DuckDB."""

import subprocess
from pathlib import Path

import duckdb
import pytest

from orchestration.run import register_and_build
from pipelines.settings import ROOT
from tests.airflow.conftest import Airflow

TESTS = ROOT / "orchestration" / "airflow" / "tests"


@pytest.fixture(scope="module")
def airflow(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Airflow:
    """After a run of `spotify_extract`."""
    made = Airflow(program, tmp_path_factory.mktemp("airflow"))
    printed = made.run("dags", "test", "spotify_extract")
    assert "the demo account" in printed
    assert "state=success" in printed
    return made


def test_the_rules_for_the_dags_hold(airflow: Airflow) -> None:
    # Warnings of packages are not those of this project, so its settings of pytest do not count.
    options = ["-q", "-c", "/dev/null", "-p", "no:cacheprovider", "--rootdir", str(TESTS)]
    python = airflow.program.with_name("python")
    command = [str(python), "-m", "pytest", *options, str(TESTS)]
    done = subprocess.run(command, env=airflow.environment, capture_output=True, text=True, cwd=airflow.folder)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout


def test_a_killed_build_gives_no_tables_and_the_next_one_gives_those_of_make_build(airflow: Airflow) -> None:
    published = Path(airflow.settings["DUCKDB_PATH"])
    killed_after(airflow, "end task task_id=staging")
    assert not published.exists()
    printed = airflow.run("dags", "test", "spotify_build")
    assert [line for line in ("staging", "intermediate", "marts") if f"end task task_id={line}" in printed] == [
        "staging",
        "intermediate",
        "marts",
    ]
    expected = airflow.folder / "expected.duckdb"
    settings = airflow.loaded(DUCKDB_PATH=str(expected), WORK_DIR=str(airflow.folder / "expected"))
    assert register_and_build(settings).exit_code == 0
    assert differences(published, expected) == {}


def killed_after(airflow: Airflow, line: str) -> None:
    """Kill a run of `spotify_build` when it has printed the line."""
    command = [str(airflow.program), "dags", "test", "spotify_build"]
    with subprocess.Popen(command, env=airflow.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        assert run.stdout
        seen = any(line.encode() in printed for printed in run.stdout)
        run.kill()
    assert seen


def differences(one: Path, other: Path) -> dict[str, int]:
    """For each table with other rows in the two files, the number of these rows."""
    with duckdb.connect() as db:
        db.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        names = {
            file: [
                name
                for (name,) in db.execute(
                    f"select table_name from duckdb_tables() where database_name = '{file}'"
                    " and schema_name = 'marts' order by 1"
                ).fetchall()
            ]
            for file in ("one", "other")
        }
        assert names["one"] == names["other"]
        assert len(names["one"]) > 20
        counts = {}
        for name in names["one"]:
            left, right = f"from one.marts.{name}", f"from other.marts.{name}"
            query = f"select count(*) from (({left} except all {right}) union all ({right} except all {left}))"
            ((counts[name],),) = db.execute(query).fetchall()
        return {name: count for name, count in counts.items() if count}
