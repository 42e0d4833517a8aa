"""`make import`: reads an account data export into the lake. It needs no account and sends no request."""

import shlex
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from orchestration import places
from orchestration.report.console import progress
from orchestration.report.import_report import print_report
from pipelines.lake import damage
from pipelines.lake import lock as locks
from pipelines.lake.repair import repair_dataset
from pipelines.lake.store import Lake
from pipelines.settings import Settings
from pipelines.streaming_history import imports
from pipelines.streaming_history.archive import archives
from pipelines.streaming_history.imports import Report
from pipelines.streaming_history.lake_source import STREAMING_HISTORY, importing

READING = "reading the export"


def import_(settings: Settings, files: Sequence[str], anyway: bool = False) -> int:
    """Import archives, folders and files, print what became of each record, and return the exit code.

    Raises BadExport; then nothing was written.
    """
    with progress(READING) as shown:
        given, ignored = archives(paths(files))
        places.remember(settings)
        with closing(Lake.of(settings)) as lake, locks.held(lake, settings.working_dir, "import"):
            dataset = lake.dataset(STREAMING_HISTORY.name)
            known = imports.imported_archives(dataset, repair_dataset(dataset))
            is_damaged = bool(damage.missing_rows(lake, STREAMING_HISTORY.name))
            if {archive.archive_id for archive in given} <= known and not is_damaged:
                report = Report(known_archives=given)
            else:
                # dlt, which takes a second to import, is not needed when there is nothing to read.
                from pipelines.load import load

                reports: list[Report] = []
                load(settings, on_progress=shown.on_progress, sources=[importing(given, anyway, reports)], lake=lake)
                report = reports[0]
    report.ignored += ignored
    print_report(report, settings)
    return 0


def paths(files: Sequence[str]) -> list[Path]:
    """The paths that the words name. A word that is no path may be a list of paths, as in `FILE="a.zip b.zip"`."""
    return [path for word in files for path in _paths(word)]


def _paths(word: str) -> list[Path]:
    whole = Path(word).expanduser()
    try:
        parts = [Path(part).expanduser() for part in shlex.split(word)]
    except ValueError:  # a single quotation mark
        return [whole]
    return parts if parts and not whole.exists() and all(part.exists() for part in parts) else [whole]
