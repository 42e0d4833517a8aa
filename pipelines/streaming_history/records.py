"""The records of one import. Arrow files hold them whole; a DuckDB database in memory holds what tells them apart."""

import datetime as dt
import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.raw import arrow
from pipelines.raw.table import Table
from pipelines.streaming_history import statements
from pipelines.streaming_history.errors import BadExport
from pipelines.streaming_history.json_records import rewrite
from pipelines.streaming_history.shapes import EXTENDED, ONE_YEAR, PACKAGES, Package
from pipelines.streaming_history.unpack import HistoryFile, not_utf8

# DuckDB reads 32 MB of a file at once, in each thread.
MEMORY, THREADS = "400MB", 8
FILES_AT_ONCE = 16
# A batch is a row group of the lake, which has a dictionary of URIs. Batches of 100,000 take a tenth more bytes.
BATCH_ROWS = 250_000
SELECTS = {EXTENDED: statements.of_extended(), ONE_YEAR: statements.of_one_year()}
# An Arrow file has the number of the file in place of these columns.
OF_FILE = ("file_id", "is_video")


class Records:
    """The records of files. The table `records` has a row for each, with the reason to skip it if it is bad.

    The table `outcomes` names the other records that are not stored, and why; `outcomes.decide` makes it. `folder` is
    for the Arrow files, and for what does not fit into memory.
    """

    def __init__(self, folder: Path, files: Sequence[HistoryFile]) -> None:
        self.files = list(files)
        self.count = 0
        self._folder = folder
        self._parts: list[tuple[Package, Path]] = []
        self.db = duckdb.connect()
        self.db.execute("set memory_limit = $1", [MEMORY])
        self.db.execute("set temp_directory = $1", [str(folder / "spill")])
        self.db.execute("set threads = $1", [min(THREADS, os.cpu_count() or 1)])
        self.db.execute("set preserve_insertion_order = false")
        self.db.execute(statements.FILES)
        self.db.execute(statements.RECORDS)
        for number, file in enumerate(self.files):
            row = [number, file.archive_id, file.package.name, file.is_video]
            self.db.execute("insert into files values ($1, $2, $3, $4)", row)

    def read(self, on_rows: Callable[[int], None]) -> None:
        """Read all files; `on_rows` gets the number of records so far. Raises BadExport."""
        for package in PACKAGES:
            numbers = [number for number, file in enumerate(self.files) if file.package is package]
            for start in range(0, len(numbers), FILES_AT_ONCE):
                self._read(package, numbers[start : start + FILES_AT_ONCE])
                on_rows(self.count)

    def _read(self, package: Package, numbers: Sequence[int]) -> None:
        """Read some files. A file that DuckDB refuses is read record by record."""
        try:
            self._add(package, numbers, [self.files[number].path for number in numbers])
        except duckdb.Error as error:
            if len(numbers) > 1:
                for number in numbers:
                    self._read(package, [number])
                return
            if isinstance(error, duckdb.OutOfMemoryException):
                raise  # a full disk ends here too; nothing is wrong with the file
            self._read_slowly(package, numbers[0])

    def _read_slowly(self, package: Package, number: int) -> None:
        file = self.files[number]
        target = self._rewritten(number)
        try:
            rewrite(file.path, target, package)
        except UnicodeDecodeError:
            raise BadExport(not_utf8(file.name, file.name), file.archive_id) from None
        self._add(package, [number], [target])

    def _rewritten(self, number: int) -> Path:
        return self._folder / f"{self.files[number].file_id}.readable.json"

    def rejected(self, number: int) -> list[tuple[int, str]]:
        """The records of a file that cannot be stored: index from 0, and reason. Reads the file again, in order."""
        file, rewritten = self.files[number], self._rewritten(number)
        self.db.execute("set preserve_insertion_order = true")
        query = f"select row_number() over () - 1 as place, skip from ({SELECTS[file.package]})"
        asked = _asked([rewritten if rewritten.exists() else file.path])
        return self.db.execute(f"select * from ({query}) where skip is not null", asked).fetchall()

    def _add(self, package: Package, numbers: Sequence[int], paths: Sequence[Path]) -> None:
        """Read files into an Arrow file and the table `records`. After a duckdb.Error nothing was added."""
        part, schema, count = self._folder / f"{len(self._parts)}.arrow", _schema(package.table), self.count
        self.db.begin()
        try:
            with pa.OSFile(str(part), "wb") as file, pa.ipc.new_stream(file, schema) as stream:
                for batch in self._marked(package, numbers, paths):
                    row_no = pa.arange(count, count + batch.num_rows)
                    numbered = batch.append_column("row_no", row_no)
                    self.db.register("batch", numbered)
                    self.db.execute(statements.added(package.table, "batch"))
                    stream.write(numbered.select(schema.names))
                    count += batch.num_rows
        except duckdb.Error:
            self.db.rollback()
            raise
        self.db.commit()
        self.db.unregister("batch")  # frees its memory
        self._parts.append((package, part))
        self.count = count

    def _marked(self, package: Package, numbers: Sequence[int], paths: Sequence[Path]) -> Iterator[pa.RecordBatch]:
        query = f"select * replace ($numbers[file_no] as file_no) from ({SELECTS[package]})"
        asked = _asked(paths) | {"numbers": list(numbers)}
        found = self.db.cursor().sql(statements.marked(package, query), params=asked)
        try:
            yield from found.to_arrow_reader(BATCH_ROWS)
        except OSError as error:
            # Arrow's reader turns an error of DuckDB into this one.
            kind = duckdb.OutOfMemoryException if "Out of Memory" in str(error) else duckdb.Error
            raise kind(str(error)) from None

    def batches(self, package: Package, load_id: str, read_at: dt.datetime) -> Iterator[pa.RecordBatch]:
        """The new records as Arrow batches, each checked against the contract. Raises ContractBroken."""
        names = [column.name for column in package.table.columns if column.name in OF_FILE]
        of_file = {name: pa.array([getattr(file, name) for file in self.files]) for name in names}
        for batch in self._kept(package):
            for name, values in of_file.items():
                batch = batch.append_column(name, values.take(batch.column("file_no")))
            yield arrow.checked(package.table, arrow.of_load(batch.drop_columns("file_no"), load_id, read_at))

    def _kept(self, package: Package) -> Iterator[pa.RecordBatch]:
        """The records that are stored, as the Arrow files hold them."""
        for part in (path for of, path in self._parts if of is package):
            with pa.OSFile(str(part), "rb") as file, pa.ipc.open_stream(file) as stream:
                for batch in stream:
                    row_no = batch.column("row_no")
                    limits = {"first": row_no[0].as_py(), "last": row_no[-1].as_py()}
                    others = self.db.sql(statements.NOT_STORED, params=limits).to_arrow_table().column("row_no")
                    kept = batch.filter(pc.invert(pc.is_in(row_no, others))) if len(others) else batch
                    if kept.num_rows:
                        yield kept

    def close(self) -> None:
        self.db.close()


def _asked(paths: Iterable[Path]) -> dict[str, Any]:
    """The parameters of a query on files. DuckDB takes a path for a pattern, and gives back the name of the file."""
    names = [str(path) for path in paths]
    return {"paths": names, "patterns": [glob.escape(name) for name in names]}


def _schema(table: Table) -> pa.Schema:
    """The schema of an Arrow file."""
    sent = [pa.field(column.name, arrow.TYPES[column.type]) for column in table.columns if column.name not in OF_FILE]
    return pa.schema([pa.field("row_no", pa.int64()), pa.field("file_no", pa.int32()), *sent])
