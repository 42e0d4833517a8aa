"""Reads one resource. An error that stops it is recorded, and the other resources are still read."""

import traceback
from collections.abc import Iterator

from pipelines.http.rate_limits import RateLimitLocks
from pipelines.lake.source import ResourceReport
from pipelines.raw.changes import Rows
from pipelines.raw.clock import as_text
from pipelines.raw.contract import ContractBroken
from pipelines.raw.values import fit_rows
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

    Any error stops this resource only, and what it yielded before is kept.
    `state` and `locks` are dictionaries that dlt keeps. A child resource gets `parents`. With `keeps_elements` the
    last item is a ParentsRead. Raises RunEnded when it happens in the first resource of the run.
    """
    report = ResourceReport(resource.name)
    rate_limits = RateLimitLocks(locks)
    reader = ResourceReader(resource, run, state, report, parents, keeps_elements)
    try:
        _check_may_read(resource, run, report, rate_limits)
        batches = resource.strategy(reader)
        yield from _of_poll(batches, report) if run.is_poll else batches
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
    except Exception as error:
        report.outcome, report.reason = "stopped", f"an error in the program: {type(error).__name__}: {error}"
        report.traceback = "".join(traceback.format_exception(error))
    report.calls = run.api.budget.by_resource[resource.name]
    run.reports.append(report)
    run.on_progress(report)
    if report.outcome in ("stopped", "skipped", "unfinished"):
        run.on_stop(report)
    if report.outcome != "not due":
        run.waiting.append(report)
    # A load of the first resources writes no file of its own for their reports, unless one tells of a gap. Nor does a
    # poll that found no play.
    if run.waiting and (report.gap_from or (report.rows_new if run.is_poll else resource.name not in run.first)):
        yield _rows(run)
    if keeps_elements:
        yield ParentsRead(reader.elements, reader.is_complete)


def _of_poll(batches: Iterator[Rows], report: ResourceReport) -> Iterator[Rows]:
    """Nothing without a new play, also no track that has changed: the next run finds that change again."""
    found = list(batches)
    if report.rows_new:
        yield from found


def _check_may_read(resource: Resource, run: Run, report: ResourceReport, rate_limits: RateLimitLocks) -> None:
    if run.ended:
        raise _Skipped(f"the run had ended: {run.ended}")
    granted = run.api.tokens.scope
    if resource.scope and granted is not None and resource.scope not in granted:
        raise _Skipped(f"scope {resource.scope} was not granted; `make login` asks for it")
    if not_before := rate_limits.not_before(resource.endpoint_group, run.now):
        report.not_before = not_before
        raise _Skipped(f"locked by Spotify until {as_text(not_before)}")


def _rows(run: Run) -> Rows:
    """The rows of `resource_runs` that wait."""
    names = [column.name for column in run.changes.tables["resource_runs"].columns]
    rows = [{name: getattr(report, name) for name in names} | {"read_at": run.now} for report in run.waiting]
    run.waiting.clear()
    fitted = fit_rows(run.changes.tables, [("resource_runs", row) for row in rows], {})
    return run.changes.changed([row for row in fitted if row is not None])
