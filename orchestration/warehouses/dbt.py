"""Tables from the lake: dbt, run inside this process. The only file that imports dbt."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from pipelines.settings import Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

TRANSFORM = Path(__file__).resolve().parents[2] / "transform"
NAMES = {"key": "unique key"}


@dataclass(frozen=True)
class BuildResult:
    """What a build made. `failed` names the tests that the data did not pass, `broken` what could not be run."""

    models: int
    tests: int
    skipped: int
    failed: tuple[str, ...]
    broken: tuple[str, ...]
    seconds: float

    @property
    def is_ok(self) -> bool:
        return not (self.failed or self.broken)


class WarehouseUnusable(Exception):
    """The DuckDB file cannot be opened: written by another version, not a database, or no place to write it."""


class WrongArguments(Exception):
    """dbt has no such option; the message is dbt's own."""


class WarehouseBusy(WarehouseUnusable):
    """The DuckDB file is held open by another program; the message names both."""


def build(
    project_dir: Path, target: str, work_dir: Path, full_parse: bool = False, arguments: tuple[str, ...] = ()
) -> BuildResult:
    """Build every model and test it on the data; the models before a failed one stay, those after it are skipped.

    `arguments` are more options of `dbt build`. Raises WrongArguments for an option that dbt does not have.
    Unit tests are left out: they hold the SQL, which a run does not change.
    """
    started = monotonic()
    parse = ("--no-partial-parse",) if full_parse else ()
    # Without --no-write-json a third of a second goes into files that only the docs read.
    without_unit_tests = ("--exclude-resource-type", "unit_test")
    outcome = invoke(project_dir, target, work_dir, "build", *without_unit_tests, "--no-write-json", *parse, *arguments)
    done: list[Any] = list(getattr(outcome.result, "results", ()))
    broken = [f"{_name(one.node)}: {_one_line(one.message)}" for one in done if one.status == "error"]
    if not outcome.success and not done:
        broken.append(_one_line(str(outcome.exception or "")))
    return BuildResult(
        models=sum(one.status == "success" and one.node.resource_type == "model" for one in done),
        tests=sum(one.status == "pass" for one in done),
        skipped=sum(one.status == "skipped" for one in done),
        failed=tuple(_failure(one) for one in done if one.status == "fail"),
        broken=tuple(broken),
        seconds=monotonic() - started,
    )


def docs(project_dir: Path, target: str, work_dir: Path) -> Path:
    """Write the documentation of every table as one web page, and say where; the tables must have been built."""
    outcome = invoke(project_dir, target, work_dir, "docs", "generate", "--static")
    if not outcome.success:
        raise RuntimeError(f"dbt wrote no docs: {outcome.exception or 'see its log'}")
    return work_dir / "target" / "static_index.html"


def show(project_dir: Path, target: str, work_dir: Path, question: str) -> list[tuple[Any, ...]]:
    """The rows of one select, by dbt's own connection; none when it could not be asked."""
    outcome = invoke(project_dir, target, work_dir, "show", "--inline", question, "--limit", "-1")
    done: list[Any] = list(getattr(outcome.result, "results", ()))
    return [tuple(row) for row in done[0].agate_table.rows] if outcome.success and done else []


@contextmanager
def environment(settings: Settings) -> Iterator[None]:
    """The variables that transform/ reads, for as long as dbt runs."""
    bucket = "/".join(settings.lake_url.split("/")[:3])
    values = {
        "LAKE_URL": settings.lake_url,
        "DUCKDB_PATH": str(settings.duckdb_path),
        "TIME_ZONE": settings.time_zone,
    }
    if settings.is_in_cloud:
        values |= {
            "AWS_REGION": settings.region,
            "AWS_DEFAULT_REGION": settings.region,
            "ATHENA_WORK_GROUP": settings.work_group,
            "ATHENA_RESULTS_URL": f"{bucket}/athena-results/",
            "ATHENA_TABLES_URL": f"{bucket}/tables/",
            "GLUE_PREFIX": settings.glue_prefix,
        }
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def invoke(project_dir: Path, target: str, work_dir: Path, *command: str) -> "dbtRunnerResult":
    """One dbt command; it says nothing on the terminal and everything in `<work_dir>/logs/dbt.log`.

    Imports wait until here: dbt costs a second and a half. Raises WarehouseBusy or WarehouseUnusable.
    """
    import duckdb
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.exceptions import DbtUsageException
    from dbt.cli.main import dbtRunner

    # On a full disk dbt's log would print a traceback for each line it cannot write; the build says it once.
    logging.raiseExceptions = False
    where = ("--project-dir", project_dir, "--profiles-dir", project_dir, "--target", target)
    written = ("--target-path", work_dir / "target", "--log-path", work_dir / "logs")
    silent = ("--log-level", "none", "--log-level-file", "info", "--quiet", "--no-print", "--no-use-colors")
    try:
        outcome = dbtRunner().invoke([*command, *map(str, where + written), *silent, "--no-version-check"])
    finally:
        # dbt-duckdb keeps the file open until the process ends, and this one goes on to read it.
        connections: Any = DuckDBConnectionManager
        if connections._ENV is not None:
            connections._ENV.close()
            connections.close_all_connections()
    if isinstance(outcome.exception, (KeyboardInterrupt, SystemExit)):
        raise outcome.exception
    if isinstance(outcome.exception, DbtUsageException):
        raise WrongArguments(f"dbt {command[0]}: {_one_line(str(outcome.exception))}") from outcome.exception
    if isinstance(outcome.exception, duckdb.Error):
        reason = _one_line(str(outcome.exception))
        raise (WarehouseBusy if "Could not set lock" in reason else WarehouseUnusable)(reason) from outcome.exception
    return outcome


def _name(node: Any) -> str:
    return f"{node.schema}.{node.name}" if node.resource_type == "model" else str(node.name)


def _failure(result: Any) -> str:
    """For instance `unique key of marts.dim_tracks: 3 rows`."""
    test = result.node
    rows = f"{result.failures} row{'' if result.failures == 1 else 's'}"
    if not getattr(test, "attached_node", None):
        return f"{test.name}: {rows}"
    schema = Path(test.original_file_path).parts[1]  # the folder under models is the schema
    kind = NAMES.get(test.test_metadata.name, test.test_metadata.name)
    return f"{kind} of {schema}.{test.attached_node.rsplit('.', 1)[-1]}: {rows}"


def _one_line(message: str | None) -> str:
    """dbt's messages wrap: a heading, then what happened."""
    lines = [line.strip() for line in (message or "").splitlines()]
    return " ".join(line for line in lines if line)[:300] or "no reason given"
