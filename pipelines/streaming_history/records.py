"""The records of one import in a DuckDB database in memory, with a limit: read, compared, counted."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.raw import contract
from pipelines.streaming_history import statements
from pipelines.streaming_history.errors import BadExport
from pipelines.streaming_history.json_records import rewrite
from pipelines.streaming_history.shapes import EXTENDED, ONE_YEAR, PACKAGES, Package
from pipelines.streaming_history.unpack import HistoryFile, not_utf8

MEMORY = "200MB"
FILES_AT_ONCE = 16
# A batch is a row group of the lake, which has a dictionary of URIs. Batches of 100,000 take a tenth more bytes.
BATCH_ROWS = 250_000
SELECTS = {EXTENDED: statements.of_extended(), ONE_YEAR: statements.of_one_year()}


class Records:
    """The records of files, in the tables `streams` and `one_year_streams`, with `file_no`, `skip` and a hash `h`.

    Then `<table>_outcomes` names the rows that are not stored, and why. `folder` is for what does not fit into memory.
    """

    def __init__(self, folder: Path, files: Sequence[HistoryFile]) -> None:
        self.files = list(files)
        self._folder = folder
        # What does not fit into memory goes to the folder. With a database file DuckDB would write every row, and
        # reading the export would take a seventh more processor time.
        self.db = duckdb.connect()
        self.db.execute("set memory_limit = $1", [MEMORY])
        self.db.execute("set temp_directory = $1", [str(folder / "spill")])
        self.db.execute("set preserve_insertion_order = false")
        self.db.execute("create table files (file_no integer, file_id varchar, archive_id varchar, is_video boolean)")
        for number, file in enumerate(self.files):
            row = [number, file.file_id, file.archive_id, file.is_video]
            self.db.execute("insert into files values ($1, $2, $3, $4)", row)
        for package in PACKAGES:
            self._create(package)

    def _create(self, package: Package) -> None:
        columns = [column for column in package.table.columns if column.name not in ("file_id", "is_video")]
        types = contract.SQL_TYPES | {"timestamp": "timestamp_ms"}
        declared = ", ".join(f"{column.name} {types[column.type]}" for column in columns)
        started = "" if "started_at" in declared else "started_at timestamp_ms, "
        self.db.execute(
            f"create table {package.table.name} ({declared}, {started}file_no integer, skip varchar, h ubigint)"
        )

    def read(self, on_rows: Callable[[int], None]) -> None:
        """Read all files; `on_rows` gets the number of records so far. Raises BadExport."""
        for package in PACKAGES:
            numbers = [number for number, file in enumerate(self.files) if file.package is package]
            for start in range(0, len(numbers), FILES_AT_ONCE):
                self._read(package, numbers[start : start + FILES_AT_ONCE])
                on_rows(self.count())

    def _read(self, package: Package, numbers: Sequence[int]) -> None:
        """Read some files. A file that DuckDB refuses is read record by record."""
        try:
            self._insert(package, numbers, [self.files[number].path for number in numbers])
        except duckdb.Error:
            if len(numbers) > 1:
                for number in numbers:
                    self._read(package, [number])
                return
            self._read_slowly(package, numbers[0])

    def _read_slowly(self, package: Package, number: int) -> None:
        file = self.files[number]
        target = self._rewritten(number)
        try:
            rewrite(file.path, target, package)
        except UnicodeDecodeError:
            raise BadExport(not_utf8(file.name, file.name), file.archive_id) from None
        self._insert(package, [number], [target])

    def _rewritten(self, number: int) -> Path:
        return self._folder / f"{self.files[number].file_id}.readable.json"

    def rejected(self, number: int) -> list[tuple[int, str]]:
        """The records of a file that cannot be stored: index from 0, and reason. Reads the file again, in order."""
        file, rewritten = self.files[number], self._rewritten(number)
        self.db.execute("set preserve_insertion_order = true")
        query = f"select row_number() over () - 1 as place, skip from ({SELECTS[file.package]})"
        path = rewritten if rewritten.exists() else file.path
        return self.db.execute(f"select * from ({query}) where skip is not null", {"paths": [str(path)]}).fetchall()

    def _insert(self, package: Package, numbers: Sequence[int], paths: Sequence[Path]) -> None:
        query = (
            f"insert into {package.table.name} by name select * replace ($numbers[file_no] as file_no), "
            f"hash({statements.compared(package)}) as h from ({SELECTS[package]})"
        )
        self.db.execute(query, {"paths": [str(path) for path in paths], "numbers": list(numbers)})

    def count(self) -> int:
        """The number of records that were read."""
        return sum(self._one(f"select count(*) from {package.table.name}") for package in PACKAGES)

    def _one(self, question: str) -> int:
        rows = self.db.execute(question).fetchall()
        return int(rows[0][0])

    def batches(self, package: Package, load_id: str, read_at: dt.datetime) -> Iterator[Any]:
        """The new records as Arrow batches, each checked against the contract. Raises ContractBroken."""
        from pipelines.raw import arrow  # not at the top: a run without an export needs no Arrow here

        rows = self.db.cursor().sql(statements.kept_rows(package))
        for batch in rows.to_arrow_reader(BATCH_ROWS):
            yield arrow.checked(package.table, arrow.of_load(batch, load_id, read_at))

    def close(self) -> None:
        self.db.close()
