"""The lock of the lake for one run, and the record that the run leaves in the lake."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

from orchestration.exit_codes import Exit, exit_of
from orchestration.report.run_record import RunRecord, next_step
from orchestration.warehouses import warehouse
from orchestration.warehouses.dbt import WarehouseUnusable
from pipelines.aws.errors import refusal
from pipelines.lake import lock as locks
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.settings import Settings
from pipelines.spotify.demo_account import demo_account


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
    if verb in ("register", "build") and lake.is_local and lake.read_json(manifest.MANIFEST) is None:
        # Checked before the lock, which would make the folder of a misspelled LAKE_URL.
        raise WarehouseUnusable(
            f"there is no lake at {lake.url}; run `make elt` first, or set LAKE_URL to the folder of a lake"
        )
    last_read_at = partial(manifest.last_read_at, lake)
    held = locks.held(lake, settings.working_dir, verb)
    with closing(lake), held, demo_account(settings, last_read_at) as settings:
        address = str(warehouse.of(settings))
        lock = LakeLock(lake, settings, RunRecord(verb, settings.now, settings.is_demo, settings.lake_url, address))
        yield lock
        lock.record.exit_code = _exit_code(lock)
        if settings.is_in_cloud:
            lock.record.aws = {"requests": dict(sorted(lake.aws.requests.items()))}
        lock.record.next_step = next_step(lock.record, settings)
        _write_record(lock)


def _exit_code(lock: LakeLock) -> Exit:
    """The code of the most important problem: first an error, then a failed test, then a stopped resource."""
    record, settings = lock.record, lock.settings
    if lock.error:
        return exit_of(lock.error)
    if record.broken:
        refused = refusal(record.broken[0], settings.lake_url, settings.region)
        return exit_of(refused) if refused else Exit.BROKEN
    if record.tests_failed:
        return Exit.TESTS_FAILED
    return Exit.RESOURCES_STOPPED if record.has_stopped_resources else Exit.OK


def _write_record(lock: LakeLock) -> None:
    """Write the record as the last step, so that a killed run leaves the record of the run before it."""
    record, lake = lock.record, lock.lake
    if not (record.has_load or record.has_build):
        return
    lake.write_json(record.file_name, record.as_json())
    if record.has_load:
        lake.remove_json(manifest.LAST_FAILURE)
    if record.has_load and record.has_build:
        lake.remove_json(manifest.LAST_BUILD)
