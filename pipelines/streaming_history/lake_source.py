"""The account data export as a source of the lake."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from pipelines.lake.source import LoadContext, ResourceReport, Source, SourceResult
from pipelines.raw import contract
from pipelines.streaming_history import imports, waiting
from pipelines.streaming_history.archive import Archive
from pipelines.streaming_history.imports import Import, Report
from pipelines.streaming_history.tables import TABLES

# dlt gives Arrow batches to the table of their resource, so each table has a resource.
RESOURCES = tuple(TABLES)


class OpenExports:
    """An import that was read. `pipelines.lake.source.OpenSource` describes the methods."""

    def __init__(self, context: LoadContext, opened: Import) -> None:
        self.account_ids: list[str] = []
        self._import = opened
        self._read_at = context.settings.now
        self._on_progress = context.on_progress
        self.report = ResourceReport("exports", rows_read=opened.report.rows_read, rows_new=opened.report.rows_new)

    def dlt_source(self) -> Any:
        import dlt

        schema = contract.dlt_schema("streaming_history", TABLES.values(), RESOURCES)

        def rows(table: str) -> Iterator[Any]:
            load_id = dlt.current.load_package_state()["load_id"]
            yield from self._import.rows(table, load_id, self._read_at)

        @dlt.source(schema=schema, schema_contract="freeze", max_table_nesting=0)
        def streaming_history() -> Any:
            return [dlt.resource(rows, name=table, table_name=table)(table) for table in RESOURCES]

        return streaming_history()

    def result(self) -> SourceResult:
        return SourceResult(reports=[self.report], rows=self._import.report.rows)


@contextmanager
def _open(archives: Sequence[Archive] | None, reports: list[Report], context: LoadContext) -> Iterator[OpenExports]:
    found = waiting.archives_of(context.settings) if archives is None else archives

    def on_rows(count: int) -> None:
        context.on_progress(ResourceReport("exports", rows_read=count))

    with imports.opened(found, context.settings, context.dataset, context.completed, on_rows) as opened:
        yield OpenExports(context, opened)
    reports.append(opened.report)


STREAMING_HISTORY = Source(
    "streaming_history",
    "Records of the account data export, as the lake holds them; append-only.",
    TABLES,
    RESOURCES,
    needs_account=False,
    open=partial(_open, None, []),
    is_due=waiting.is_due,
)


def importing(archives: Sequence[Archive], reports: list[Report]) -> Source:
    """The source for one import of these archives. Its report is added to `reports` when the load is complete."""
    return replace(STREAMING_HISTORY, open=partial(_open, archives, reports), is_due=lambda settings: True)
