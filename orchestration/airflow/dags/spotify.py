"""The pipeline as two DAGs: `spotify_extract` reads every hour, and new rows start `spotify_build`.

The tasks call the functions of orchestration/run.py. docs/orchestration.md says how to run and change them.
"""

import datetime as dt
import logging
from pathlib import Path
from typing import Any

from airflow.configuration import AIRFLOW_HOME
from airflow.sdk import Asset, Variable, chain, dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

LAKE = Asset("spotify_lake")
# The tasks of `spotify_build`, as options of `dbt build`. A few intermediate models are made from marts, so they belong
# to the last task. It builds every mart, and therefore gives the tables to readers.
LAYERS = {
    "staging": ("--select", "path:models/staging"),
    "intermediate": ("--select", "path:models/intermediate", "--exclude", "path:models/marts+"),
    "marts": ("--select", "path:models/marts+"),
}
# A test runs with the first layer after which all its models are there.
TESTS = ("--indirect-selection", "buildable")
# How `spotify_build` divides its work: one task for each layer, or for each model. This is the name of the variable.
BUILD_BY = "spotify_build_by"
# One task at a time may write the DuckDB file. `make airflow` and airflow_settings.yaml make this pool of one slot.
DUCKDB_POOL = "spotify_duckdb"
MANIFEST = Path(AIRFLOW_HOME) / "include" / "manifest.json"
MISSING = (
    "the project spotify-elt is not in the environment of this Airflow: {error}. Install "
    "orchestration/airflow/requirements.lock, and set PYTHONPATH to the folder of the project "
    "(docs/orchestration.md, Airflow)"
)
log = logging.getLogger(__name__)


def run_step(name: str, *arguments: str) -> Any:
    """Run a step of the project and print its summary. Airflow tries again when another run is under way."""
    try:
        from orchestration.report.summary import print_summary
        from orchestration.scheduled_steps import StepBusy, StepFailed, step
        from pipelines.settings import BadSetting, load_settings
    except ModuleNotFoundError as error:
        raise AirflowFailException(MISSING.format(error=error)) from error
    try:
        record = step(name, load_settings(), arguments=arguments)  # type: ignore[arg-type]
    except StepBusy as error:
        raise AirflowException(str(error)) from error
    except (StepFailed, BadSetting) as error:
        raise AirflowFailException(str(error)) from error
    print_summary(record.impersonal())
    return record


def tell(context: Any) -> None:
    """Send the failure of a task to where ON_FAILURE says. Without ON_FAILURE it is in the log only."""
    ti, error = context["ti"], context.get("exception")
    message = f"{ti.dag_id}, task {ti.task_id}: {error}"
    log.error(message)
    try:
        from orchestration.notices.channels import NotDelivered, deliver
        from pipelines.settings import one_setting
    except ModuleNotFoundError:
        return
    try:
        if address := one_setting("ON_FAILURE"):
            deliver(message, getattr(error.__cause__, "exit_code", 1), address)
    except NotDelivered as reason:
        log.error("nobody was told: %s", reason)


def target() -> str:
    """dev for DuckDB, prod for Athena."""
    try:
        from pipelines.settings import one_setting
    except ModuleNotFoundError:
        return "dev"
    return one_setting("TARGET") or "dev"


COMMON: dict[str, Any] = {
    "start_date": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "catchup": False,
    "max_active_runs": 1,
    "tags": ["spotify"],
    "default_args": {
        # With these delays a task waits half an hour in all for another run to end.
        "retries": 5,
        "retry_delay": dt.timedelta(minutes=1),
        "retry_exponential_backoff": True,
        "max_retry_delay": dt.timedelta(minutes=16),
        "on_failure_callback": tell,
        # On Athena several tasks may write at the same time.
        "pool": DUCKDB_POOL if target() == "dev" else "default_pool",
    },
}


@dag(schedule="7 * * * *", doc_md="Loads what is new into the lake. New rows start `spotify_build`.", **COMMON)
def spotify_extract() -> None:
    @task(outlets=[LAKE])
    def extract() -> None:
        if not run_step("extract").has_new_rows:
            raise AirflowSkipException("nothing new, so no build follows")

    extract()


@dag(schedule=[LAKE], doc_md="Builds and tests the tables.", **COMMON)
def spotify_build() -> None:
    if Variable.get(BUILD_BY, default="layer") == "model":
        by_model()
    else:
        by_layer()


@task
def run(name: str, *arguments: str) -> None:
    run_step(name, *arguments)


def by_layer() -> None:
    chain(*(run.override(task_id=layer)("build", *options, *TESTS) for layer, options in LAYERS.items()))


def by_model() -> None:
    """One task for each model with its tests, and one for each test of several models. Each runs dbt in its process."""
    try:
        # These take seconds to import, and Airflow reads this file again and again.
        from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
        from cosmos.constants import InvocationMode, LoadMode, TestBehavior

        from orchestration.warehouses.dbt import TRANSFORM
    except ModuleNotFoundError:
        run("register")  # it fails and says what is missing
        return
    if not MANIFEST.exists():
        no_manifest()
        return
    tables = DbtTaskGroup(
        group_id="tables",
        project_config=ProjectConfig(manifest_path=MANIFEST, dbt_project_path=TRANSFORM, install_dbt_deps=False),
        profile_config=ProfileConfig(
            profile_name="spotify_elt", target_name=target(), profiles_yml_filepath=TRANSFORM / "profiles.yml"
        ),
        execution_config=ExecutionConfig(invocation_mode=InvocationMode.DBT_RUNNER),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_MANIFEST,
            test_behavior=TestBehavior.BUILD,
            should_detach_multiple_parents_tests=True,
            emit_datasets=False,
        ),
        operator_args={
            "interceptors": [add_variables],
            "append_env": True,
            "dbt_cmd_flags": ["--exclude-resource-type", "unit_test"],
        },
    )
    chain(run.override(task_id="register")("register"), tables, run.override(task_id="publish")("publish"))


def add_variables(context: Any, operator: Any) -> None:
    """Give dbt the lake and the file of the settings. They are read in the task, so the DAG does not hold them."""
    from orchestration.warehouses import warehouse
    from pipelines.settings import load_settings

    variables = dict(warehouse.of(load_settings()).project.variables)
    # Cosmos logs the variables, and exclusions are personal.
    operator.env = {"EXCLUSIONS": variables.pop("exclusions")}
    operator.vars = variables


@task
def no_manifest() -> None:
    raise AirflowFailException(f"{MANIFEST} is missing; `make airflow` and `make airflow ARGS=--astro` write it")


spotify_extract()
spotify_build()
