"""Reads one resource. An error that stops it is recorded, and the other resources are still read."""

from collections.abc import Iterator
from dataclasses import asdict

from pipelines.http.rate_limits import RateLimitLocks
from pipelines.lake.source import ResourceReport
from pipelines.raw.changes import Rows
from pipelines.raw.clock import as_text
from pipelines.raw.contract import ContractBroken
from pipelines.spotify.errors import Locked, ResourceStopped, RunEnded
from pipelines.spotify.resource import Resource
from pipelines.spotify.run import Run
from pipelines.spotify.sync.reader import ParentsRead, ResourceReader, State


class _Skipped(Exception):
    """The resource is not read in this run, and no call was made. The message says why."""


def read_resource(
    resource: Resource,
    run: Run,
    state: State,
    locks: State,
    parents: ParentsRead | None = None,
    keeps_elements: bool = False,
) -> Iterator[Rows | ParentsRead]:
    """Yield the resource's new rows, then its row of `resource_runs`; a resource that was not due has no such row.

    `state` and `locks` are dictionaries that dlt keeps. A child resource gets `parents`. With `keeps_elements` the
    last item is a ParentsRead. Raises RunEnded when it happens in the first resource of the run.
    """
    report = ResourceReport(resource.name)
    rate_limits = RateLimitLocks(locks)
    reader = ResourceReader(resource, run, state, report, parents, keeps_elements)
    try:
        _check_may_read(resource, run, report, rate_limits)
        yield from resource.strategy(reader)
        rate_limits.release(resource.endpoint_group)
    except _Skipped as refusal:
        report.outcome, report.reason = "skipped", str(refusal)
    except (ResourceStopped, ContractBroken, RunEnded) as stop:
        report.outcome, report.reason = "stopped", str(stop)
        if isinstance(stop, Locked):
            report.not_before = rate_limits.close(resource.endpoint_group, run.now, stop)
        if isinstance(stop, RunEnded):
            run.ended = stop
            if not run.reports:
                raise
    report.calls = run.api.budget.by_resource[resource.name]
    run.reports.append(report)
    run.on_progress(report)
    if report.outcome in ("stopped", "skipped"):
        run.on_stop(report)
    if report.outcome != "not due":
        yield _row(report, run)
    if keeps_elements:
        yield ParentsRead(reader.elements, reader.is_complete)


def _check_may_read(resource: Resource, run: Run, report: ResourceReport, rate_limits: RateLimitLocks) -> None:
    if run.ended:
        raise _Skipped(f"the run had ended: {run.ended}")
    granted = run.api.tokens.scope
    if resource.scope and granted is not None and resource.scope not in granted:
        raise _Skipped(f"scope {resource.scope} was not granted; `make login` asks for it")
    if not_before := rate_limits.not_before(resource.endpoint_group, run.now):
        report.not_before = not_before
        raise _Skipped(f"locked by Spotify until {as_text(not_before)}")


def _row(report: ResourceReport, run: Run) -> Rows:
    table = run.changes.tables["resource_runs"]
    row = asdict(report) | {"read_at": run.now}
    ordered = {column.name: row[column.name] for column in table.columns if column.name in row}
    return run.changes.changed([("resource_runs", ordered | {"read_at": run.now})])
