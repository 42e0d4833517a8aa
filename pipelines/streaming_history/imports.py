"""One import: the archives given, their records, what became of each, and the rows for the lake."""

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.lake.store import Dataset, Lake
from pipelines.raw import arrow
from pipelines.raw.table import Table
from pipelines.settings import Settings
from pipelines.streaming_history import outcomes, owner, spans
from pipelines.streaming_history.archive import Archive
from pipelines.streaming_history.errors import BadExport
from pipelines.streaming_history.outcomes import FileCount
from pipelines.streaming_history.records import Records
from pipelines.streaming_history.shapes import PACKAGES
from pipelines.streaming_history.spans import Span
from pipelines.streaming_history.tables import COVERED_SPANS, IMPORT_FILES, TABLES
from pipelines.streaming_history.unpack import HistoryFile, Unpacked, unpack


@dataclass
class Report:
    """What an import read and what became of it. `known_archives` were imported before; nothing of them was read."""

    files: list[HistoryFile] = field(default_factory=list)
    counts: list[FileCount] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)
    known_archives: list[Archive] = field(default_factory=list)
    reject_file: Path | None = None

    def add(self, unpacked: Unpacked) -> None:
        """Add the files of an archive. A file that was given alone and in its folder counts once."""
        paths = {file.path for file in self.files}
        self.ignored += unpacked.ignored
        for file in unpacked.files:
            if file.path in paths:
                self.ignored.append((file.name, "it was given twice"))
            else:
                self.files.append(file)

    @property
    def rows_new(self) -> int:
        return self.total("kept") + self.total("unidentified")

    @property
    def rows(self) -> dict[str, int]:
        """New rows by raw table."""
        found: Counter[str] = Counter()
        for each in self.counts:
            found[self.files[each.file_no].package.table.name] += each.counts["kept"] + each.counts["unidentified"]
        return dict(found)

    def total(self, outcome: str) -> int:
        return sum(each.counts[outcome] for each in self.counts)

    @property
    def rows_read(self) -> int:
        return sum(each.rows_read for each in self.counts)


def imported_archives(dataset: Dataset, completed: set[str]) -> set[str]:
    """The archives that the lake has, by the hash of their content."""
    files = dataset.files(IMPORT_FILES.name)
    if not files or not completed:
        return set()
    with TemporaryDirectory() as folder, duckdb.connect() as db:
        copies = dataset.lake.local_copies(files, Path(folder))
        found = db.execute(
            "select distinct archive_id from read_parquet($1, union_by_name = true) "
            "where list_contains($2, _dlt_load_id)",
            [copies, sorted(completed)],
        ).fetchall()
    return {row[0] for row in found}


class Import:
    """The new archives, read and compared with the lake. `written` gives what the lake does not have."""

    def __init__(self, records: Records, report: Report, folder: Path) -> None:
        self.records = records
        self.report = report
        self._folder = folder

    def written(self, table: str, load_id: str, read_at: dt.datetime) -> tuple[Path, int]:
        """Write the rows of one table into a Parquet file, and return the file and the number of rows."""
        target = self._folder / f"{table}.parquet"
        return target, arrow.write(TABLES[table], self._rows(table, load_id, read_at), target)

    def _rows(self, table: str, load_id: str, read_at: dt.datetime) -> Iterator[Any]:
        """The rows of one table as Arrow batches, each checked against the contract."""
        for package in PACKAGES:
            if package.table.name == table:
                yield from self.records.batches(package, load_id, read_at)
        values = {IMPORT_FILES.name: self._file_rows, COVERED_SPANS.name: self._span_rows}
        if table in values and (found := values[table]()):
            yield _batch(TABLES[table], found, load_id, read_at)

    def _file_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "file_id": self.report.files[each.file_no].file_id,
                "content_type": each.content_type,
                "archive_id": self.report.files[each.file_no].archive_id,
                "file_name": self.report.files[each.file_no].name,
                "package": self.report.files[each.file_no].package.name,
                "rows_read": each.rows_read,
                "skip_reasons": ", ".join(f"{reason} {count}" for reason, count in each.reasons.items()) or None,
                "first_at": each.first_at,
                "last_at": each.last_at,
            }
            | {f"rows_{outcome}": count for outcome, count in each.counts.items()}
            for each in self.report.counts
        ]

    def _span_rows(self) -> list[dict[str, Any]]:
        return [vars(span) for span in self.report.spans]


def _batch(table: Table, rows: list[dict[str, Any]], load_id: str, read_at: dt.datetime) -> Any:
    ours = {"read_at": read_at, "_dlt_load_id": load_id}
    complete = [row | ours | {"_dlt_id": f"{load_id}.{number}"} for number, row in enumerate(rows)]
    return arrow.checked(table, pa.RecordBatch.from_pylist(complete, arrow.schema(table)))


@contextmanager
def opened(
    archives: Iterable[Archive],
    settings: Settings,
    dataset: Dataset,
    completed: set[str],
    known: Collection[str],
    anyway: bool = False,
    on_rows: Callable[[int], None] = lambda count: None,
) -> Iterator[Import]:
    """Read the archives that are not `known`. Afterwards no copy of them is on the disk.

    Raises BadExport for an archive that cannot be read, and, unless `anyway`, for one of another listener.
    """
    folder = _emptied(settings.working_dir / "importing")
    try:
        report = Report(known_archives=[each for each in archives if each.archive_id in known])
        for archive in archives:
            if archive.archive_id not in known:
                report.add(unpack(archive, folder))
        with closing(Records(folder, report.files)) as records:
            records.read(on_rows)
            held = {
                package.table.name: dataset.lake.local_copies(dataset.files(package.table.name), folder)
                for package in PACKAGES
            }
            if not anyway:
                _refuse_stranger(records, report, held | _polled(dataset.lake, folder))
            outcomes.decide(records.db, held, completed)
            report.counts = outcomes.counted(records.db)
            report.spans = spans.covered(records.db, [file.name for file in report.files])
            report.reject_file = _write_rejected(report, records, settings)
            yield Import(records, report, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _polled(lake: Lake, folder: Path) -> dict[str, list[str]]:
    """The files of the plays that the API showed, and of their titles."""
    polled = lake.dataset("spotify")
    return {name: lake.local_copies(polled.files(name), folder) for name in ("recently_played", "tracks")}


def _refuse_stranger(records: Records, report: Report, plays: Mapping[str, Sequence[str]]) -> None:
    groups: dict[str, list[int]] = {}
    for number, file in enumerate(report.files):
        groups.setdefault(file.group, []).append(number)
    strange = owner.strange_group(records.db, list(groups.values()), plays)
    if strange:
        number, seen = strange
        first = report.files[list(groups.values())[number][0]]
        raise BadExport(
            f"{first.name} and the files beside it look like the export of another person: on {seen.days} days that "
            f"both have, the lake has {seen.in_lake:,} plays of tracks, the export has {seen.in_export:,}, and "
            f"{seen.agreeing:,} agree; nothing was imported. One lake holds one listener: for another person set "
            "LAKE_URL and DUCKDB_PATH. If all of it is yours, use ARGS=--anyway",
            first.archive_id,
        )


def _emptied(folder: Path) -> Path:
    """The folder for working files, without what a killed import left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def _write_rejected(report: Report, records: Records, settings: Settings) -> Path | None:
    """Write which records cannot be stored, as JSON lines without their content."""
    numbers = sorted({each.file_no for each in report.counts if each.counts["skipped"]})
    if not numbers:
        return None
    target = settings.work_dir / "rejected" / f"{report.files[numbers[0]].archive_id[:16]}.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as out:
        for number in numbers:
            for index, reason in records.rejected(number):
                line = {"file": report.files[number].name, "index": index, "reason": reason}
                out.write(f"{json.dumps(line)}\n")
    return target
