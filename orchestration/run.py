"""The steps of a run: extract, register, build; `elt` does all three.

Each step is a function that a scheduler can call, also many times in one process. It takes the settings, returns the
record of the run, prints nothing, and holds the lock of the lake while it works. Steps that belong together share one
lock and one record:

    with lake_lock(settings, "elt") as lock:
        extract(settings, lock=lock)
        register(settings, lock=lock)
        build(settings, lock=lock)
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.exit_codes import exit_of
from orchestration.lake_lock import LakeLock, lake_lock
from orchestration.report import top_artists
from orchestration.report.last_error import keep_traceback
from orchestration.report.run_record import RunRecord
from orchestration.warehouses import dbt, warehouse
from orchestration.warehouses.dbt import NodeResult, WarehouseUnusable
from pipelines.lake import manifest
from pipelines.lake.clock import behind_spotify
from pipelines.lake.damage import missing_rows
from pipelines.lake.repair import repair_lake, repair_rows
from pipelines.raw.clock import utc_now
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.spotify.errors import RunEnded

if TYPE_CHECKING:
    from pipelines.lake.source import ResourceReport

INCOMPLETE = (
    "the tables of the last build stay, because rows of damaged files are missing; "
    "`make extract` reads these rows again"
)


def extract(
    settings: Settings,
    *,
    full: bool = False,
    on_progress: "Callable[[ResourceReport], None]" = lambda report: None,
    on_wait: Callable[[str, float], None] = lambda endpoint, seconds: None,
    lock: LakeLock | None = None,
) -> RunRecord:
    """Load what is new into the lake. With `full`, read every list completely.

    `on_progress` gets the state of a resource after each page, `on_wait` an endpoint and the seconds to wait for it.
    Raises RunEnded when nothing could be read; the failure is then kept in the lake for `make status`.
    """
    # Importing the load imports dlt, which takes a second; a build does not need dlt.
    from pipelines.load import load

    with _held(settings, "extract", lock) as lock, _timed(lock.record, "load"), _failure_kept(lock):
        loaded = load(lock.settings, full, on_progress, on_wait, lake=lock.lake)
        lock.is_repaired = True
        lock.record.add_load(loaded)
        newest_plays = [report.newest_at for report in loaded.reports if report.newest_at]
        lock.record.warnings += behind_spotify(lock.settings.now, max(newest_plays, default=None))
        lock.record.warnings += _errors_kept(loaded.reports, lock.settings)
        lock.error = loaded.ended
    return lock.record


def register(settings: Settings, *, lock: LakeLock | None = None) -> RunRecord:
    """Make the lake readable for the warehouse: the raw tables in Glue, or the DuckDB file of this account.

    Raises WarehouseUnusable, WrongCatalog.
    """
    with _held(settings, "register", lock) as lock, _timed(lock.record, "register"):
        _repair(lock)
        warehouse.of(lock.settings).prepare(manifest.accounts(lock.lake), lock.lake.aws)
    return lock.record


def build(
    settings: Settings,
    *,
    arguments: tuple[str, ...] = (),
    on_result: Callable[[NodeResult], None] = lambda result: None,
    lock: LakeLock | None = None,
) -> RunRecord:
    """Build and test the tables with dbt. Call `register` before it.

    `arguments` are options of `dbt build`, for instance `("--select", "fct_plays+")`. `on_result` gets the result of
    each model and test.
    Raises WarehouseUnusable, WrongArguments.
    """
    with _held(settings, "build", lock) as lock, _timed(lock.record, "build"):
        _repair(lock)
        tables = warehouse.of(lock.settings)
        built = dbt.build(tables.project, arguments)
        if built.broken and repair_rows(lock.lake, [source.name for source in SOURCES]):
            built = dbt.build(tables.project, arguments)
        lock.record.add_build(built)
        for result in built.results:
            on_result(result)
        if missing_rows(lock.lake):
            lock.record.not_published = INCOMPLETE
        else:
            lock.record.not_published = tables.publish(built, lambda: manifest.accounts(lock.lake))
        # A selection may leave this mart out.
        if built.is_ok and not arguments:
            lock.record.top_artists = top_artists.read(tables)
    return lock.record


def publish(settings: Settings, *, lock: LakeLock | None = None) -> RunRecord:
    """Give readers the tables of the build file, after a scheduler has built and tested every model with dbt itself.

    On Athena there is nothing to do, because dbt replaces each table there.
    """
    with _held(settings, "publish", lock) as lock, _timed(lock.record, "publish"):
        _repair(lock)
        whole = dbt.BuildResult(models=0, tests=0, skipped=0, failed=(), broken=(), seconds=0.0, is_whole=True)
        if missing_rows(lock.lake):
            lock.record.not_published = INCOMPLETE
        else:
            tables = warehouse.of(lock.settings)
            lock.record.not_published = tables.publish(whole, lambda: manifest.accounts(lock.lake))
    return lock.record


def register_and_build(
    settings: Settings,
    *,
    arguments: tuple[str, ...] = (),
    on_result: Callable[[NodeResult], None] = lambda result: None,
) -> RunRecord:
    """Register and build under one lock."""
    with lake_lock(settings, "build") as lock:
        register(settings, lock=lock)
        return build(settings, arguments=arguments, on_result=on_result, lock=lock)


def elt(
    settings: Settings,
    *,
    full: bool = False,
    on_progress: "Callable[[ResourceReport], None]" = lambda report: None,
    on_wait: Callable[[str, float], None] = lambda endpoint, seconds: None,
    on_step: Callable[[str], None] = lambda step: None,
) -> RunRecord:
    """Extract, register and build under one lock. `on_step` gets a sentence when the build begins.

    A warehouse that cannot be used is recorded and not raised, because the load has something to report.
    """
    warehouse.of(settings).check()
    with lake_lock(settings, "elt") as lock:
        extract(settings, full=full, on_progress=on_progress, on_wait=on_wait, lock=lock)
        on_step("building the tables")
        try:
            register(settings, lock=lock)
            build(settings, lock=lock)
        except WarehouseUnusable as error:
            lock.record.seconds.setdefault("build", 0.0)
            lock.record.broken.append(str(error))
            lock.error = error
    return lock.record


@contextmanager
def _held(settings: Settings, verb: str, lock: LakeLock | None) -> Iterator[LakeLock]:
    """The caller's lock, or a lock for this step alone."""
    if lock:
        yield lock
        return
    with lake_lock(settings, verb) as lock:
        yield lock


def _repair(lock: LakeLock) -> None:
    """Repair the lake once for each lock. A load repairs it too."""
    if not lock.is_repaired:
        repair_lake(lock.lake, [source.name for source in SOURCES])
        lock.record.warnings += missing_rows(lock.lake)
        lock.is_repaired = True


@contextmanager
def _failure_kept(lock: LakeLock) -> Iterator[None]:
    """If a load could read nothing, keep its error in the lake until a load succeeds."""
    try:
        yield
    except RunEnded as error:
        at = utc_now().isoformat(timespec="seconds")
        failure = {"verb": lock.record.verb, "at": at, "exit_code": int(exit_of(error)), "message": str(error)}
        lock.lake.write_json(manifest.LAST_FAILURE, failure)
        raise


def _errors_kept(reports: "list[ResourceReport]", settings: Settings) -> list[str]:
    """Keep the tracebacks of resources that an error in the program stopped, and return a line that names the file."""
    tracebacks = [report.traceback for report in reports if report.traceback]
    file = keep_traceback("\n".join(tracebacks), settings.work_dir) if tracebacks else None
    return [f"details of the error in the program: {file}"] if file else []


@contextmanager
def _timed(record: RunRecord, part: str) -> Iterator[None]:
    """Add the seconds to a part of the record."""
    started = time.monotonic()
    yield
    record.seconds[part] = round(record.seconds.get(part, 0.0) + time.monotonic() - started, 2)
