"""The pipeline as assets of Dagster: each raw table and each model is an asset, each data test a check.

One run reads Spotify once and builds once, with the functions of orchestration/run.py. docs/orchestration.md says how
to use it.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    DefaultScheduleStatus,
    Definitions,
    Failure,
    MaterializeResult,
    RetryRequested,
    ScheduleDefinition,
    define_asset_job,
    in_process_executor,
    multi_asset,
)
from dagster_dbt import dbt_assets

from orchestration.report.run_record import RunRecord
from orchestration.scheduled_steps import StepBusy, StepFailed, step
from orchestration.warehouses import warehouse
from orchestration.warehouses.dbt import NodeResult
from orchestration.warehouses.dbt_manifest import manifest
from pipelines.settings import load_settings


def read_manifest() -> dict[str, Any]:
    """dbt's list of models, tests and sources. Each test names the one model that its check belongs to."""
    file = manifest(warehouse.of(load_settings()).project)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for test in found["nodes"].values():
        if test["resource_type"] == "test":
            # dagster-dbt makes no check of a test of several models unless one of them is named in this form.
            first = min(name for name in test["depends_on"]["nodes"] if name.startswith("model."))
            test["config"]["meta"] = {
                **test["config"]["meta"],
                "dagster": {"ref": {"name": found["nodes"][first]["name"]}},
            }
    return found


MANIFEST = read_manifest()
RAW = [AssetKey([source["source_name"], source["name"]]) for source in MANIFEST["sources"].values()]


def run_step(run: Callable[[], RunRecord]) -> RunRecord:
    """Run a step. Dagster tries again when another run is under way; any other failure is shown with its message."""
    try:
        return run()
    except StepBusy as error:
        raise RetryRequested(max_retries=5, seconds_to_wait=60) from error
    except StepFailed as error:
        raise Failure(str(error), allow_retries=False) from error


@multi_asset(specs=[AssetSpec(key, group_name="raw", kinds={"parquet"}) for key in RAW])
def raw_tables() -> Iterator[MaterializeResult[None]]:
    """Load what is new from Spotify into the lake."""
    record = run_step(lambda: step("extract", load_settings()))
    for key in RAW:
        rows = record.rows_appended.get(key.path[-1], 0)
        yield MaterializeResult(asset_key=key, metadata={"rows appended": rows})


@dbt_assets(manifest=MANIFEST, exclude="resource_type:unit_test")
def tables(context: AssetExecutionContext) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
    """Build and test the chosen tables with one run of dbt."""
    results: list[NodeResult] = []
    chosen = ("--select", *(key.path[-1] for key in context.selected_asset_keys)) if context.is_subset else ()
    try:
        run_step(lambda: step("build", load_settings(), arguments=chosen, on_result=results.append))
    finally:
        yield from told(results, context)


def told(
    results: list[NodeResult], context: AssetExecutionContext
) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
    """The results of dbt in Dagster's words."""
    keys = {key.path[-1]: key for key in context.selected_asset_keys}
    checks = {key.name: key for key in context.selected_asset_check_keys}
    for result in results:
        name = result.unique_id.split(".")[2]
        if name in keys and result.status == "success":
            yield MaterializeResult(asset_key=keys[name], metadata={"seconds": result.seconds})
        if name in checks and result.status in ("pass", "warn", "fail"):
            severity = AssetCheckSeverity.WARN if result.status == "warn" else AssetCheckSeverity.ERROR
            yield AssetCheckResult(
                asset_key=checks[name].asset_key,
                check_name=name,
                passed=result.status == "pass",
                severity=severity,
            )


everything = define_asset_job("everything", selection="*")
defs = Definitions(
    assets=[raw_tables, tables],
    jobs=[everything],
    # Reading the models takes a second or two, so both steps share a process.
    executor=in_process_executor,
    schedules=[
        ScheduleDefinition(job=everything, cron_schedule="7 * * * *", default_status=DefaultScheduleStatus.RUNNING)
    ],
)
