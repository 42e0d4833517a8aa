"""What the DAGs must be. `astro dev pytest` runs this file, and so do the tests of the project.

Astronomer's own example (test_dag_example.py) asks for no import error, tags and two retries; so does this file.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow.configuration import AIRFLOW_HOME
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.exceptions import AirflowException, AirflowFailException

DAGS = Path(__file__).resolve().parents[2] / "dags"
MANIFEST = Path(AIRFLOW_HOME) / "include" / "manifest.json"


def loaded() -> dict[str, Any]:
    bag = DagBag(DAGS)
    assert not bag.import_errors
    return dict(bag.dags)


def imported() -> Any:
    """The file of the DAGs as a module."""
    spec = importlib.util.spec_from_file_location("dags_of_spotify", DAGS / "spotify.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def without_project(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] in ("orchestration", "pipelines")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("orchestration", "pipelines"):
        monkeypatch.setitem(sys.modules, name, None)


def test_both_dags_have_tags_and_retries_and_no_run_at_the_same_time() -> None:
    dags = loaded()
    assert set(dags) == {"spotify_extract", "spotify_build"}
    for dag in dags.values():
        assert dag.tags
        assert dag.default_args["retries"] >= 2
        assert dag.default_args["retry_exponential_backoff"]
        assert dag.default_args["on_failure_callback"]
        assert not dag.catchup
        assert dag.max_active_runs == 1


def test_new_rows_of_the_hourly_extract_start_the_build() -> None:
    dags = loaded()
    (outlet,) = dags["spotify_extract"].get_task("extract").outlets
    assert dags["spotify_extract"].schedule == "7 * * * *"
    assert dags["spotify_build"].schedule == [outlet]


def test_the_build_has_one_task_for_each_layer() -> None:
    build = loaded()["spotify_build"]
    order = {task.task_id: task.downstream_task_ids for task in build.tasks}
    assert order == {"staging": {"intermediate"}, "intermediate": {"marts"}, "marts": set()}


@pytest.mark.skipif(not MANIFEST.exists(), reason="`make airflow` writes the manifest into AIRFLOW_HOME/include")
def test_a_variable_gives_each_model_and_each_test_of_several_models_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_SPOTIFY_BUILD_BY", "model")
    build = loaded()["spotify_build"]
    nodes = json.loads(MANIFEST.read_text())["nodes"].values()
    models = {f"tables.{node['name']}_model_build" for node in nodes if node["resource_type"] == "model"}
    tests = [node for node in nodes if node["resource_type"] == "test" and len(node["depends_on"]["nodes"]) > 1]
    tasks = {task.task_id for task in build.tasks}
    assert models
    assert tasks >= models | {"register", "publish"}
    assert len(tasks) == len(models) + len(tests) + 2
    # Everything is before the task that gives the tables to readers, and after the one that makes the raw tables.
    assert build.get_task("publish").get_flat_relative_ids(upstream=True) == tasks - {"publish"}
    assert build.get_task("register").get_flat_relative_ids(upstream=False) == tasks - {"register"}


def test_one_task_at_a_time_writes_the_duckdb_file_and_athena_needs_no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    for target, expected in (("dev", "spotify_duckdb"), ("prod", "default_pool")):
        monkeypatch.setenv("TARGET", target)
        assert {task.pool for dag in loaded().values() for task in dag.tasks} == {expected}


@pytest.mark.parametrize("build_by", ["layer", "model"])
@pytest.mark.usefixtures("without_project")
def test_without_the_project_the_dags_are_there_and_a_task_says_what_to_install(
    build_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_SPOTIFY_BUILD_BY", build_by)
    assert loaded()["spotify_build"].tasks
    with pytest.raises(AirflowFailException, match=r"spotify-elt is not in the environment .*requirements\.lock"):
        imported().run_step("build")


def test_a_task_that_finds_another_run_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration import scheduled_steps

    def busy(*arguments: object, **options: object) -> None:
        raise scheduled_steps.StepBusy("another run is under way", 7)

    monkeypatch.setattr(scheduled_steps, "step", busy)
    with pytest.raises(AirflowException, match="another run is under way") as raised:
        imported().run_step("build")
    assert not isinstance(raised.value, AirflowFailException)


def test_any_other_failure_ends_the_task_with_the_message_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARGET", "nowhere")
    with pytest.raises(AirflowFailException, match="TARGET is 'nowhere'; it should be dev"):
        imported().run_step("extract")


def test_a_failure_is_sent_to_where_the_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ON_FAILURE", f"cat > {tmp_path}/told; echo $EXIT_CODE >> {tmp_path}/told")
    error = AirflowFailException("the consent has ended")
    error.__cause__ = type("Cause", (Exception,), {"exit_code": 4})()
    ti = type("Task", (), {"dag_id": "spotify_extract", "task_id": "extract"})
    imported().tell({"ti": ti, "exception": error})
    assert (tmp_path / "told").read_text() == "spotify_extract, task extract: the consent has ended4\n"
