"""The two steps of a run as a scheduler calls them: Airflow, Dagster, a Lambda function. It prints nothing.

What counts as passed is decided here, once for all schedulers: exit code 0, and 3, which means that some resources
stopped and a later run reads them. A step that found another run at work raises StepBusy, so that the scheduler tries
again. Every other end raises StepFailed with the message that the command line would print.
"""

from collections.abc import Callable
from typing import Literal

from orchestration import run
from orchestration.exit_codes import Exit
from orchestration.failures import failure_of
from orchestration.report.run_record import RunRecord
from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import NodeResult
from pipelines.settings import Settings

Name = Literal["extract", "build", "register", "publish"]
PASSED = (Exit.OK, Exit.RESOURCES_STOPPED)


class StepFailed(Exception):
    """A step did not do its work. The message says why and what to do; `exit_code` is that of the command line."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message, exit_code)
        self.exit_code = exit_code

    def __str__(self) -> str:
        return str(self.args[0])


class StepBusy(StepFailed):
    """Another run uses the lake or the DuckDB file. Try again later."""


def step(
    name: Name,
    settings: Settings,
    *,
    arguments: tuple[str, ...] = (),
    on_result: Callable[[NodeResult], None] = lambda result: None,
) -> RunRecord:
    """Run `extract`, or `build` with its `register`, under one lock of the lake, and return the record of the run.

    A scheduler that runs dbt itself calls `register` before it and `publish` after it. `arguments` are options of
    `dbt build`; `on_result` gets the result of each model and test.
    Raises StepFailed and StepBusy, and KeyboardInterrupt when it is stopped.
    """
    try:
        if name == "extract":
            record = run.extract(settings)
        else:
            dbt.import_first(settings.target)
            record = _on_tables(name, settings, arguments, on_result)
    except Exception as error:
        message, code = failure_of(error, settings)
        raise (StepBusy if code is Exit.BUSY else StepFailed)(message, int(code)) from error
    if record.exit_code not in PASSED:
        kind = StepBusy if record.exit_code == Exit.BUSY else StepFailed
        raise kind(_why(record), int(record.exit_code))
    return record


def _on_tables(
    name: Name, settings: Settings, arguments: tuple[str, ...], on_result: Callable[[NodeResult], None]
) -> RunRecord:
    if name == "build":
        return run.register_and_build(settings, arguments=arguments, on_result=on_result)
    return run.register(settings) if name == "register" else run.publish(settings)


def _why(record: RunRecord) -> str:
    """The lines of the summary that say what went wrong, and what to do."""
    lines = [
        *([record.ended_by] if record.ended_by else []),
        *(f"test failed: {line}" for line in record.tests_failed),
        *(f"not built: {line}" for line in record.broken),
        *([record.not_published] if record.not_published else []),
        *([f"next: {record.next_step}"] if record.next_step and record.broken else []),
    ]
    return "\n".join(lines)
