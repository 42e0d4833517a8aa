"""Runs dbt inside this process. Only this file and dbt_locks.py import dbt."""

import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from orchestration.warehouses import dbt_messages as messages
from orchestration.warehouses.dbt_locks import locks_of_threads

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

Rows = list[tuple[Any, ...]]
ADAPTERS = {"dev": "duckdb", "prod": "athena"}
TRANSFORM = Path(__file__).resolve().parents[2] / "transform"
INTERRUPTED = re.compile(r"query interrupted|KeyboardInterrupt", re.IGNORECASE)
# The errors of macros/lake.sql: the lake cannot be read.
NO_LAKE = re.compile(r"there is no (?:lake|complete load) .*")


@dataclass(frozen=True)
class NodeResult:
    """What became of one model or test. `status` is dbt's word: success, pass, warn, fail, error or skipped."""

    unique_id: str
    status: str
    seconds: float


@dataclass(frozen=True)
class BuildResult:
    """Counts of one build. `failed` and `warned` name rules and rows, `broken` what could not be run.

    `is_whole` is true when every mart was built. `results` has all models and tests.
    """

    models: int
    tests: int
    skipped: int
    failed: tuple[str, ...]
    broken: tuple[str, ...]
    seconds: float
    warned: tuple[str, ...] = ()
    is_whole: bool = False
    results: tuple[NodeResult, ...] = ()

    @property
    def is_ok(self) -> bool:
        return not (self.failed or self.broken)


@dataclass(frozen=True)
class Project:
    """The dbt project, an output of its profiles.yml, the folder for target/ and logs/, and the values of its vars."""

    target: str
    work_dir: Path
    variables: Mapping[str, str]
    folder: Path = TRANSFORM


class WarehouseUnusable(Exception):
    """The warehouse cannot be opened or written, or there is no lake to build it from."""


class WarehouseBusy(WarehouseUnusable):
    """Another program holds the DuckDB file; the message names both."""


class WrongArguments(Exception):
    """dbt has no such option; the message is dbt's own."""


def import_first(target: str) -> None:
    """Import dbt and the adapter of a target.

    A process that loads and builds calls this before it uses s3fs or dlt. The crashes of decision 33 happened while the
    modules of dbt were imported beside the thread of s3fs.
    """
    with _nothing_left_behind():
        import_module("dbt.cli.main")
        import_module(f"dbt.adapters.{ADAPTERS[target]}")


def build(project: Project, arguments: tuple[str, ...] = ()) -> BuildResult:
    """Build and test the models. `arguments` are options of `dbt build`, for instance ("--select", "fct_plays+").

    When a model fails, the tables built before it stay, and those after it are skipped. Unit tests are left out,
    because they check the SQL, which a run does not change. Raises WarehouseUnusable, WrongArguments, and
    KeyboardInterrupt after Ctrl-C, which dbt reports as an error of a model.
    """
    started = monotonic()
    # Without --no-write-json a third of a second goes into files that only the docs need.
    outcome = invoke(project, "build", "--exclude-resource-type", "unit_test", "--no-write-json", *arguments)
    done: list[Any] = list(getattr(outcome.result, "results", ()))
    if any(one.status == "error" and INTERRUPTED.search(one.message or "") for one in done):
        raise KeyboardInterrupt
    broken = [f"{messages.name(one.node)}: {messages.reason(one.message)}" for one in done if one.status == "error"]
    if not outcome.success and not done:
        broken.append(messages.reason(str(outcome.exception or "")))
    return BuildResult(
        models=sum(one.status == "success" and one.node.resource_type == "model" for one in done),
        tests=sum(one.status == "pass" for one in done),
        skipped=sum(one.status == "skipped" for one in done),
        failed=tuple(line for one in done if one.status == "fail" for line in _broken_rules(project, one)),
        broken=tuple(broken),
        seconds=monotonic() - started,
        warned=tuple(line for one in done if one.status == "warn" for line in _broken_rules(project, one)),
        is_whole=_marts(project) <= {one.node.name for one in done if one.status == "success"},
        results=tuple(NodeResult(one.node.unique_id, str(one.status), one.execution_time) for one in done),
    )


def docs(project: Project) -> Path:
    """Write dbt's page and its JSON files into a folder, and return the folder. The tables must have been built."""
    outcome = invoke(project, "docs", "generate")
    if not outcome.success:
        raise RuntimeError(f"dbt wrote no docs: {outcome.exception or 'see its log'}")
    return project.work_dir / "target"


def show(project: Project, query: str) -> Rows:
    """The rows of a select that may use ref(). An empty list when the query failed."""
    outcome = invoke(project, "show", "--inline", query, "--limit", "-1")
    done: list[Any] = list(getattr(outcome.result, "results", ()))
    return [tuple(row) for row in done[0].agate_table.rows] if outcome.success and done else []


def invoke(project: Project, *command: str) -> "dbtRunnerResult":
    """Run one dbt command. It prints nothing; its log is `<work_dir>/logs/dbt.log`.

    May be called again in the same process with another project: it leaves no environment variable, open file or
    setting of a library behind. Raises WarehouseUnusable, WrongArguments.
    """
    places = {
        "--project-dir": project.folder,
        "--profiles-dir": project.folder,
        "--target-path": project.work_dir / "target",
        "--log-path": project.work_dir / "logs",
        "--target": project.target,
        "--vars": json.dumps(dict(project.variables), sort_keys=True),
    }
    silent = ("--log-level", "none", "--log-level-file", "info", "--quiet", "--no-print", "--no-use-colors")
    options = [str(part) for pair in places.items() for part in pair]
    with _nothing_left_behind():
        from dbt.cli.exceptions import DbtUsageException
        from dbt.cli.main import dbtRunner  # this import takes a second and a half

        outcome = dbtRunner().invoke([*command, *options, *silent, "--no-version-check"])
    error = outcome.exception
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        raise error
    if isinstance(error, DbtUsageException):
        raise WrongArguments(f"dbt {command[0]}: {messages.one_line(str(error))}") from error
    if no_lake := NO_LAKE.search(str(error or "")):
        raise WarehouseUnusable(no_lake.group()) from error
    duckdb: Any = sys.modules.get("duckdb")  # loaded by dbt-duckdb; Athena runs without it
    if duckdb and isinstance(error, duckdb.Error):
        reason = messages.one_line(str(error))
        raise (WarehouseBusy if "Could not set lock" in reason else WarehouseUnusable)(reason) from error
    return outcome


@contextmanager
def _nothing_left_behind() -> Iterator[None]:
    """Hide the options of another dbt project, and undo the changes that dbt makes in the process.

    A variable such as DBT_EMPTY or DBT_DEFER is an option of every dbt command, and here it would belong to another
    project. dbt copies the .env file of the current folder or of a folder above into the environment. dbt-duckdb keeps
    the DuckDB file open until the process ends. On a full disk Python's logging would print a traceback for each line
    that dbt cannot log; the build reports the full disk once.
    """
    environment, raises = dict(os.environ), logging.raiseExceptions
    logging.raiseExceptions = False
    for name in [name for name in environment if name.startswith("DBT_")]:
        del os.environ[name]
    try:
        with locks_of_threads():
            yield
    finally:
        logging.raiseExceptions = raises
        for name in os.environ.keys() - environment.keys():
            del os.environ[name]
        os.environ.update(environment)
        connections: Any = sys.modules.get("dbt.adapters.duckdb.connections")
        manager = connections and connections.DuckDBConnectionManager
        if manager and manager._ENV is not None:
            manager._ENV.close()
            manager.close_all_connections()


def _marts(project: Project) -> set[str]:
    """The names of all marts."""
    return {file.stem for file in (project.folder / "models" / "marts").rglob("*.sql")}


def _broken_rules(project: Project, result: Any) -> list[str]:
    """What a failed test found, for instance `primary key (track_id) of marts.dim_tracks: 3 rows`.

    dbt keeps only the number of rows, so the test's select runs once more. It returns model, rule and rows.
    """
    try:
        found = show(project, result.node.compiled_code)
        rules = [f"{rule} of {model}: {messages.rows(int(broken))}" for model, rule, broken in found]
    except (TypeError, ValueError):  # a test of another form
        rules = []
    return rules or [f"{result.node.name}: {messages.rows(result.failures)}"]
