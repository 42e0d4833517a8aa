"""`make elt`, `make extract` and `make build`: one run with progress on the terminal and a summary at its end."""

from orchestration import run
from orchestration.github.job import current_job
from orchestration.report.console import progress, spinner
from orchestration.report.run_record import RunRecord
from orchestration.report.summary import print_summary
from orchestration.warehouses import dbt
from pipelines.settings import Settings

LOADING, BUILDING = "asking Spotify", "building the tables"


def elt(settings: Settings, full: bool = False) -> int:
    with progress(LOADING) as shown:
        dbt.import_first(settings.target)
        record = run.elt(
            settings, full=full, on_progress=shown.on_progress, on_wait=shown.on_wait, on_step=shown.on_step
        )
    return _ended(record)


def extract(settings: Settings, full: bool = False) -> int:
    with progress(LOADING) as shown:
        record = run.extract(settings, full=full, on_progress=shown.on_progress, on_wait=shown.on_wait)
    return _ended(record)


def build(settings: Settings, arguments: tuple[str, ...] = ()) -> int:
    with spinner(BUILDING):
        dbt.import_first(settings.target)
        record = run.register_and_build(settings, arguments=arguments)
    return _ended(record)


def _ended(record: RunRecord) -> int:
    """Print the summary and return the exit code. The log of a GitHub job shows nothing personal."""
    is_read_by_others = current_job().is_here and not record.is_demo
    print_summary(record.impersonal() if is_read_by_others else record)
    return record.exit_code
