"""One listing's trouble is its own: what ends it is written down, and the others go on."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict

from pipelines.raw.changes import Rows
from pipelines.raw.contract import ContractBroken
from pipelines.spotify.errors import Locked, ResourceStopped, RunEnded
from pipelines.spotify.rows.objects import time
from pipelines.spotify.sync.reader import Reading, Report, Resource, Run, State

FIRST_LOCK_H, LONGEST_LOCK_H = 1, 24


class NotAsked(Exception):
    """The listing is passed over in this run; no call was made."""


def read(resource: Resource, run: Run, state: State, locks: State) -> Iterator[Rows]:
    """The listing's new rows, then its row of `resource_runs`; a listing that was not due has none.

    Raises RunEnded when nothing at all was read before it.
    """
    report = Report(resource.name)
    calls = run.api.calls.total()
    try:
        _may_ask(resource, run, report, locks)
        yield from resource.how(Reading(resource, run, state, report, calls))
        locks.pop(resource.group, None)
    except NotAsked as refusal:
        report.outcome, report.reason = "skipped", str(refusal)
    except (ResourceStopped, ContractBroken, RunEnded) as stop:
        report.outcome, report.reason = "stopped", str(stop)
        if isinstance(stop, Locked):
            report.not_before = _lock(resource.group, run.now, stop, locks)
        if isinstance(stop, RunEnded):
            run.ended = stop
            if not run.reports:
                raise
    report.calls = run.api.calls.total() - calls
    run.reports.append(report)
    run.on_progress(report)
    if report.outcome != "not due":
        yield _row(report, run)


def _may_ask(resource: Resource, run: Run, report: Report, locks: State) -> None:
    if run.ended:
        raise NotAsked(f"the run had ended: {run.ended}")
    granted = run.api.tokens.scope
    if resource.scope and granted is not None and resource.scope not in granted:
        raise NotAsked(f"scope {resource.scope} was not granted; `make login` asks for it")
    not_before = time(locks.get(resource.group, {}).get("not_before"))
    if not_before and run.now < not_before:
        report.not_before = not_before
        raise NotAsked(f"locked by Spotify until {not_before:%Y-%m-%d %H:%M} UTC")


def _lock(group: str, now: dt.datetime, stop: Locked, locks: State) -> dt.datetime:
    """When to ask again. Asking while locked is said to lengthen the lock, so an untold time doubles from an hour."""
    hours = min(locks.get(group, {}).get("hours", FIRST_LOCK_H / 2) * 2, LONGEST_LOCK_H)
    wait = dt.timedelta(seconds=stop.seconds) if stop.seconds is not None else dt.timedelta(hours=hours)
    locks[group] = {"not_before": (now + wait).isoformat(), "hours": hours}
    return now + wait


def _row(report: Report, run: Run) -> Rows:
    table = run.changes.tables["resource_runs"]
    row = asdict(report) | {"read_at": run.now}
    ordered = {column.name: row[column.name] for column in table.columns if column.name in row}
    return run.changes.of([("resource_runs", ordered | {"read_at": run.now})])
