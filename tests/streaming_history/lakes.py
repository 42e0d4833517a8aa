"""A lake without an account into which exports are imported, on a machine of its own."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.lake.store import Dataset, Lake
from pipelines.load import load
from pipelines.settings import load_settings
from pipelines.streaming_history.archive import archives
from pipelines.streaming_history.imports import Report, imported_archives, opened
from pipelines.streaming_history.lake_source import importing
from pipelines.streaming_history.tables import TABLES

Row = dict[str, Any]


class ExportLake:
    """`take(paths)` imports without dlt, `load(paths)` with dlt; `rows("streams")` are the rows of complete loads."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.settings = load_settings({"SPOTIFY_TOKEN_FILE": ""} | environment, folder, is_import=True)

    @property
    def dataset(self) -> Dataset:
        return Lake.of(self.settings).dataset("streaming_history")

    def take(self, *paths: Path, anyway: bool = False) -> Report:
        """Import the archives and write the rows as dlt would. Much faster than a load."""
        dataset = self.dataset
        completed = dataset.completed()
        given, ignored = archives(paths)
        known = imported_archives(dataset, completed)
        load_id = f"{1_700_000_000 + len(completed)}.5"
        with opened(given, self.settings, dataset, completed, known, anyway) as one:
            for table in TABLES:
                file, count = one.written(table, load_id, self.settings.now)
                if count:
                    target = Path(dataset.root, table, "load_month=2026-11", f"{load_id}.a.parquet")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    file.replace(target)
        dataset.write(f"{dataset.root}/_dlt_loads/x__{load_id}.jsonl", f'{{"load_id":"{load_id}","status":0}}'.encode())
        one.report.ignored += ignored
        return one.report

    def load(self, *paths: Path, anyway: bool = False) -> Report:
        given, _ = archives(paths)
        reports: list[Report] = []
        load(self.settings, sources=[importing(given, anyway, reports)])
        return reports[0]

    def rows(self, table: str, order: str = "_dlt_load_id, _dlt_id") -> list[Row]:
        dataset = self.dataset
        if not (files := dataset.files(table)):
            return []
        with duckdb.connect() as db:
            found = db.execute(
                "from read_parquet($1, union_by_name = true, hive_partitioning = false) "
                f"where list_contains($2, _dlt_load_id) order by {order}",
                [files, sorted(dataset.completed())],
            )
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def outcomes(report: Report) -> dict[str, int]:
    """The outcomes that are not zero."""
    counts: dict[str, int] = {}
    for each in report.counts:
        assert sum(each.counts.values()) == each.rows_read
        for outcome, count in each.counts.items():
            counts[outcome] = counts.get(outcome, 0) + count
    return {outcome: count for outcome, count in counts.items() if count}


@pytest.fixture
def lake(tmp_path: Path) -> ExportLake:
    return ExportLake(tmp_path / "home")
