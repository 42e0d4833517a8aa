"""The account data export as a source of the lake."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipelines.lake.source import LoadContext, Source, SourceResult
from pipelines.raw import contract
from pipelines.streaming_history.tables import TABLES

RESOURCES = ("exports",)


class OpenExports:
    """The files that wait for their import. `pipelines.lake.source.OpenSource` describes the methods."""

    def __init__(self, context: LoadContext) -> None:
        self.account_ids: list[str] = []

    def dlt_source(self) -> Any:
        import dlt

        schema = contract.dlt_schema("streaming_history", TABLES.values(), RESOURCES)

        @dlt.source(schema=schema, schema_contract="freeze", max_table_nesting=0)
        def streaming_history() -> Any:
            return dlt.resource([], name="exports", table_name="streams")

        return streaming_history()

    def result(self) -> SourceResult:
        return SourceResult()


@contextmanager
def _open(context: LoadContext) -> Iterator[OpenExports]:
    yield OpenExports(context)


STREAMING_HISTORY = Source(
    "streaming_history",
    "Records of the account data export, as the lake holds them; append-only.",
    TABLES,
    RESOURCES,
    needs_account=False,
    open=_open,
    is_due=lambda settings: False,
)
