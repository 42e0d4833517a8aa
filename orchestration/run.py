"""A run: load, build, say what was done. One process, so that imports and parsing are paid once."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from orchestration.exit_codes import Exit, exit_of
from orchestration.github.job import current_job
from orchestration.report import summary
from orchestration.report.run_record import RunReport
from orchestration.warehouses import warehouse
from pipelines import settings as values
from pipelines.aws import usage
from pipelines.aws.errors import refusal
from pipelines.lake import manifest
from pipelines.lake.lock import held
from pipelines.lake.store import Lake
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.spotify.errors import RunEnded


def run(verb: str, settings: Settings, full: bool = False, dbt_arguments: tuple[str, ...] = ()) -> int:
    """`elt`, `extract` or `build`; prints the summary and gives the exit code. Raises what ends a run with nothing."""
    values.export(settings)
    aws = usage.installed() if settings.is_in_cloud else None
    lake = Lake(settings.lake_url)
    asked = partial(manifest.last_read_at, lake)
    with held(lake, settings.working_dir, verb), values.connected(settings, asked) as settings:
        values.provide(settings)
        report = RunReport(verb, settings.now, settings.is_demo, settings.lake_url, str(warehouse.of(settings)))
        ended: Exception | None = None
        if verb != "build":
            with timed(report, "load"), noted(verb, lake):
                ended = _load(settings, full, report)
        if verb != "extract":
            with timed(report, "build"):
                ended = _build(settings, lake, report, dbt_arguments) or ended
        report.exit_code = _exit(report, ended, settings)
        report.aws = aws.as_record() if aws else None
        report.next_step = summary.next_step(report, settings)
        # Written last of all: what a killed run began is not yet the last run.
        lake.write_json(report.kept_in, report.as_json())
        if verb != "build":
            lake.remove_json(manifest.LAST_FAILURE)
        if verb == "elt":
            lake.remove_json(manifest.LAST_BUILD)
        is_read_by_others = current_job().is_here and not report.is_demo
        summary.print_summary(report.impersonal() if is_read_by_others else report)
    return report.exit_code


def _load(settings: Settings, full: bool, report: RunReport) -> Exception | None:
    from pipelines.load import load

    with summary.progress() as progress:
        loaded = load(settings, full, progress.on_progress, progress.wait)
    report.add_load(loaded)
    return loaded.ended


def _build(settings: Settings, lake: Lake, report: RunReport, dbt_arguments: tuple[str, ...] = ()) -> Exception | None:
    """Gives the error when there is no building in this file; what was loaded before is told all the same."""
    from orchestration.warehouses import dbt
    from pipelines.lake.repair import repair_lake

    if report.verb == "build":
        repair_lake(lake, [source.name for source in SOURCES])
    tables = warehouse.of(settings)
    try:
        tables.prepare(manifest.accounts(lake))
        with summary.spinner("building the tables"):
            built = dbt.build(tables.project, dbt_arguments)
    except dbt.WarehouseUnusable as error:
        if report.verb == "build":
            raise
        report.broken.append(str(error))
        return error
    report.add_build(built)
    if built.is_ok and not dbt_arguments:
        names = ("rank", "artist", "plays", "tracks", "last_played")
        top_artists = tables.rows("top_artists_recent", order_by="rank")
        report.top_artists = [dict(zip(names, row, strict=True)) for row in top_artists]
    return None


def _exit(report: RunReport, ended: Exception | None, settings: Settings) -> Exit:
    """The worst of what happened: a consent that ended matters more than a failed test, that more than a lock."""
    if ended:
        return exit_of(ended)
    if report.broken:
        refused = [refusal(line, settings.lake_url, settings.region) for line in report.broken]
        return exit_of(refused[0]) if refused[0] else Exit.BROKEN
    if report.tests_failed:
        return Exit.TESTS_FAILED
    return Exit.RESOURCES_STOPPED if report.are_resources_stopped else Exit.WELL


@contextmanager
def noted(verb: str, lake: Lake) -> Iterator[None]:
    """A run that could read nothing is remembered for `make status`, until one ends well."""
    try:
        yield
    except RunEnded as error:
        at = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        failure = {"verb": verb, "at": at, "exit_code": int(exit_of(error)), "message": str(error)}
        lake.write_json(manifest.LAST_FAILURE, failure)
        raise


@contextmanager
def timed(report: RunReport, part: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    report.seconds[part] = round(time.monotonic() - started, 2)
