"""The account data export as a source of the lake."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipelines.lake.source import LoadContext, ResourceReport, Source, SourceResult
from pipelines.raw import contract
from pipelines.streaming_history import waiting
from pipelines.streaming_history.errors import BadExport
from pipelines.streaming_history.tables import TABLES

if TYPE_CHECKING:
    from pipelines.streaming_history.archive import Archive
    from pipelines.streaming_history.imports import Import, Report

# dlt takes over a Parquet file for the table of its resource, so each table has a resource.
RESOURCES = tuple(TABLES)


class OpenExports:
    """An import that was read. `pipelines.lake.source.OpenSource` describes the methods."""

    def __init__(self, context: LoadContext, opened: "Import") -> None:
        self.account_ids: list[str] = []
        self._import = opened
        self._read_at = context.settings.now
        self._on_progress = context.on_progress
        self.report = ResourceReport("exports", rows_read=opened.report.rows_read, rows_new=opened.report.rows_new)

    def dlt_source(self) -> Any:
        import dlt

        from pipelines.raw import arrow  # not at the top: a run without an export needs no Arrow here

        schema = contract.dlt_schema("streaming_history", TABLES.values(), RESOURCES)

        def rows(table: str) -> Iterator[Any]:
            load_id = dlt.current.load_package_state()["load_id"]
            file, count = self._import.written(table, load_id, self._read_at)
            if count:
                # dlt writes a file again that has columns unknown to its schema, so it gets those that it adds itself.
                columns = arrow.schema(TABLES[table]).empty_table()
                yield dlt.mark.with_file_import(str(file), "parquet", count, columns)

        @dlt.source(schema=schema, schema_contract="freeze", max_table_nesting=0)
        def streaming_history() -> Any:
            return [dlt.resource(rows, name=table, table_name=table)(table) for table in RESOURCES]

        return streaming_history()

    def result(self) -> SourceResult:
        return SourceResult(reports=[self.report], rows=self._import.report.rows)


@contextmanager
def _open_waiting(context: LoadContext) -> Iterator[OpenExports]:
    """The archives in the folder `data/imports`. One that cannot be imported is named, and the others are imported."""
    from pipelines.streaming_history.archive import archives

    settings = context.settings
    stamp = waiting.stamp_of(settings)
    found, _ = archives(waiting.entries(settings))
    refused: dict[str, str] = {}
    with ExitStack() as stack:
        while True:
            chosen = [archive for archive in found if archive.archive_id not in refused]
            try:
                opened = stack.enter_context(_read(chosen, context))
                break
            except BadExport as error:
                if not error.archive_id or error.archive_id in refused:
                    raise
                refused[error.archive_id] = str(error)
        exports = OpenExports(context, opened)
        if refused:
            exports.report.outcome, exports.report.reason = "stopped", "; ".join(refused.values())
        yield exports
    if not refused:
        waiting.keep(settings, stamp)


def _read(found: "Sequence[Archive]", context: LoadContext, anyway: bool = False) -> "AbstractContextManager[Import]":
    """Read archives. After damage to the lake, also those that were imported before."""
    from pipelines.streaming_history import imports  # needs DuckDB, and a build on Athena has none

    def on_rows(count: int) -> None:
        context.on_progress(ResourceReport("exports", rows_read=count))

    settings, dataset, completed = context.settings, context.dataset, context.completed
    known = set() if context.full else imports.imported_archives(dataset, completed)
    return imports.opened(found, settings, dataset, completed, known, anyway, on_rows)


STREAMING_HISTORY = Source(
    "streaming_history",
    "Records of the account data export, as the lake holds them; append-only.",
    TABLES,
    RESOURCES,
    needs_account=False,
    open=_open_waiting,
    is_due=waiting.is_due,
)


def importing(given: "Sequence[Archive]", anyway: bool, reports: "list[Report]") -> Source:
    """The source for one import of these archives. Its report is added to `reports` when the load is complete."""

    @contextmanager
    def opening(context: LoadContext) -> Iterator[OpenExports]:
        with _read(given, context, anyway) as opened:
            yield OpenExports(context, opened)
        reports.append(opened.report)

    return replace(STREAMING_HISTORY, open=opening, is_due=lambda settings: True)
