"""The lock of the lake for one run, and the record that the run leaves in the lake."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from orchestration import places
from orchestration.exit_codes import Exit, exit_of
from orchestration.report.run_record import RunRecord, next_step
from orchestration.warehouses import warehouse
from orchestration.warehouses.dbt import WarehouseUnusable
from pipelines.aws.errors import Refused, refusal
from pipelines.lake import lock as locks
from pipelines.lake import manifest
from pipelines.lake.clock import time_of_load
from pipelines.lake.store import Lake
from pipelines.settings import Settings
from pipelines.spotify.demo_account import demo_account

# A poll makes one request, without repeats. On S3 it also waits for a few requests to AWS.
LONGEST_POLL_S = 60.0


@dataclass
class LakeLock:
    """The lock that this process holds on the lake, and the record of the run.

    `settings` are those of the run; for the demo account they hold the address of its server.
    `error` is an error that ended a step, although the run has something to report.
    """

    lake: Lake
    settings: Settings
    record: RunRecord
    is_repaired: bool = False
    error: Exception | None = None


@contextmanager
def lake_lock(settings: Settings, verb: str) -> Iterator[LakeLock]:
    """Hold the lock of the lake for one run, and write the record of the run into the lake at the end.

    Raises Busy when another run holds the lock, and WarehouseUnusable when there is no lake to build from. An error
    inside the context leaves no record.
    """
    lake = Lake.of(settings)
    if verb in ("register", "build") and lake.is_local and not lake.has_json(manifest.MANIFEST):
        # Checked before the lock, which would make the folder of a misspelled LAKE_URL.
        raise WarehouseUnusable(
            f"there is no lake at {lake.url}; run `make elt` first, or set LAKE_URL to the folder of a lake"
        )
    places.remember(settings)
    last_read_at = partial(manifest.last_read_at, lake)
    with closing(lake), _held(lake, settings.working_dir, verb), demo_account(settings, last_read_at) as settings:
        warnings: list[str] = []
        if verb in ("elt", "extract", "poll") and not settings.is_demo:
            now, warnings = time_of_load(settings.now, last_read_at())
            settings = settings.model_copy(update={"now": now})
        address = str(warehouse.of(settings))
        record = RunRecord(
            verb,
            settings.now,
            settings.is_demo,
            settings.lake_url,
            address,
            time_zone=settings.time_zone,
            warnings=warnings,
        )
        lock = LakeLock(lake, settings, record)
        yield lock
        refused = _refusal_of_build(lock)
        lock.record.exit_code = _exit_code(lock, refused)
        lock.record.next_step = str(refused or next_step(lock.record, settings))
        _write_record(lock)


@contextmanager
def _held(lake: Lake, machine: Path, verb: str) -> Iterator[None]:
    """Hold the lock of the lake. A run waits for a poll, which takes a second; a poll does not wait. Raises Busy."""
    last_try = time.monotonic() + LONGEST_POLL_S
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locks.held(lake, machine, verb))
                break
            except locks.Busy as busy:
                if verb == "poll" or busy.verb != "poll" or time.monotonic() > last_try:
                    raise
            time.sleep(0.2)
        yield


def _refusal_of_build(lock: LakeLock) -> Refused | None:
    """What AWS refused to dbt. After a refusal, other models may fail with errors that follow from it."""
    settings = lock.settings
    found = (refusal(line, settings.lake_url, settings.region) for line in lock.record.broken)
    return next(filter(None, found), None) if settings.is_in_cloud else None


def _exit_code(lock: LakeLock, refused: Refused | None) -> Exit:
    """The code of the most important problem: first an error, then a failed test, then a stopped resource."""
    record = lock.record
    if lock.error:
        return exit_of(lock.error)
    if record.broken:
        return exit_of(refused) if refused else Exit.BROKEN
    if record.tests_failed:
        return Exit.TESTS_FAILED
    return Exit.RESOURCES_STOPPED if record.has_stopped_resources else Exit.OK


def _write_record(lock: LakeLock) -> None:
    """Write the record as the last step, so that a killed run leaves the record of the run before it."""
    record, lake = lock.record, lock.lake
    if not (record.has_load or record.has_build):
        return
    # A run that loaded is newer than the last failure, and an `elt` is newer than the last build.
    outdated = [manifest.LAST_FAILURE, *[manifest.LAST_BUILD] * record.has_build] if record.has_load else []
    if lock.settings.is_in_cloud:
        # These requests follow: the record, the deletes, the end of the lease.
        last = {} if lake.is_local else {"s3.PutObject": 1, "s3.DeleteObjects": len(outdated), "s3.DeleteObject": 1}
        record.aws = {"requests": dict(sorted((lake.aws.requests + Counter(last)).items()))}
    lake.write_json(record.file_name, record.as_json())
    for name in outdated:
        lake.remove_json(name)
