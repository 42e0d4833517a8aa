"""One load. For each source: repair, finish the pending load package, read what is new, and compact the files."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import dlt
from dlt.pipeline.exceptions import PipelineStepFailed
from dlt.pipeline.pipeline import Pipeline

from pipelines import durable
from pipelines.lake import damage, manifest
from pipelines.lake.clock import load_ids_after, may_load
from pipelines.lake.compact import compact
from pipelines.lake.destination import dlt_configuration, lake_destination
from pipelines.lake.repair import repair_dataset, repair_working_folder
from pipelines.lake.row_hashes import LakeRowHashes
from pipelines.lake.source import LoadContext, ResourceReport, Source, SourceResult
from pipelines.lake.store import Dataset, Lake
from pipelines.raw.errors import RunEnded
from pipelines.settings import Settings
from pipelines.sources import SOURCES


@dataclass
class LoadResult:
    """What one load did, by source name. The properties combine the sources."""

    sources: dict[str, SourceResult] = field(default_factory=dict)
    damage: list[str] = field(default_factory=list)

    @property
    def reports(self) -> list[ResourceReport]:
        return list(chain.from_iterable(result.reports for result in self.sources.values()))

    @property
    def rows(self) -> dict[str, int]:
        """Appended rows by table."""
        return _sum(result.rows for result in self.sources.values())

    @property
    def calls(self) -> dict[str, int]:
        """HTTP requests by endpoint."""
        return _sum(result.calls for result in self.sources.values())

    @property
    def token_calls(self) -> int:
        return sum(result.token_calls for result in self.sources.values())

    @property
    def warnings(self) -> list[str]:
        return [*self.damage, *chain.from_iterable(result.warnings for result in self.sources.values())]

    @property
    def is_whole(self) -> bool:
        """Whether no resource stopped or is locked."""
        return not self.ended and not any(one.outcome == "stopped" or one.not_before for one in self.reports)

    @property
    def account(self) -> str:
        return next((result.account for result in self.sources.values() if result.account), "")

    @property
    def mode(self) -> str:
        return next((result.mode for result in self.sources.values() if result.mode), "")

    @property
    def ended(self) -> RunEnded | None:
        return next((result.ended for result in self.sources.values() if result.ended), None)


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    """Counts of several sources, which may share the name of a table or an endpoint."""
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)


def load(
    settings: Settings,
    full: bool = False,
    on_progress: Callable[[ResourceReport], None] = lambda report: None,
    on_wait: Callable[[str, float], None] = lambda endpoint, seconds: None,
    sources: Sequence[Source] = SOURCES,
    lake: Lake | None = None,
) -> LoadResult:
    """Read the sources into the lake, one after the other. The caller holds the lock of `lake`, which guards writes.

    A source with resources that come first has two loads, one after the other. A source that is not due is left out,
    and so is one that needs an account when there is none.
    A load without new rows writes no files. With `full`, and after damage to the lake, every list is read completely,
    even if it is not due. Raises RunEnded (nothing could be read), WrongLake and BadSetting.
    """
    lake = lake or Lake.of(settings)
    with dlt_configuration(settings.working_dir):
        record = manifest.open_manifest(lake, sources)
        loaded = LoadResult()
        for source in sources:
            if source.needs_account and not settings.has_account:
                continue
            dataset = lake.dataset(source.name)
            if not source.is_due(settings):
                if lake.is_local:
                    repair_dataset(dataset)  # the build reads its files all the same
                if not damage.missing_rows(lake, source.name):
                    continue
            pipeline, completed = prepare_pipeline(settings, dataset)
            loaded.damage = damage.missing_rows(lake)
            row_hashes = LakeRowHashes(dataset, completed)
            is_full = full or bool(damage.missing_rows(lake, source.name))
            context = LoadContext(settings, row_hashes, dataset, completed, is_full, on_progress, on_wait)
            try:
                with source.open(context) as opened, load_ids_after(completed):
                    record = manifest.bind_account(record, lake, opened.account_ids)
                    manifest.save_manifest(record, lake)
                    for resources in source.parts:
                        _run(pipeline, opened.dlt_source().with_resources(*resources))
                    loaded.sources[source.name] = opened.result()
            finally:
                row_hashes.close()
            dataset.refresh()
            if source.reads_all:
                compact(dataset, source.tables)
        if loaded.damage and loaded.is_whole and all(source.reads_all for source in sources):
            damage.rows_read_again(lake, loaded.sources)
    return loaded


def _run(pipeline: Pipeline, source: Any) -> None:
    # dlt ignores loader_file_format for rows that are sent to a declared table by name.
    for table in source.schema.data_tables(include_incomplete=True):
        table["file_format"] = "parquet"
    try:
        info = pipeline.run(source, loader_file_format="parquet")
        info.raise_on_failed_jobs()
    except PipelineStepFailed as error:
        found = cause(error)
        raise found from found.__cause__


def prepare_pipeline(settings: Settings, dataset: Dataset) -> tuple[Pipeline, set[str]]:
    """The pipeline of a source and its complete loads, after unfinished work was repaired, loaded or dropped.

    Each lake has its own working folder for dlt, because two lakes under one pipeline name would share their cursors.
    """
    name = dataset.source
    repair_working_folder(settings.working_dir / name)
    completed = repair_dataset(dataset)
    pipeline: Pipeline = dlt.pipeline(
        name, pipelines_dir=str(settings.working_dir), destination=lake_destination(dataset.lake), dataset_name=name
    )
    newest = max(completed, default="")
    base = settings.working_dir / f"{name}.base"
    if pipeline.has_pending_data:
        packages = [*pipeline.list_extracted_load_packages(), *pipeline.list_normalized_load_packages()]
        known = base.read_text(encoding="utf-8") if base.exists() else None
        if not may_load(packages, known, newest, own=pipeline.list_completed_load_packages()):
            pipeline.abort_packages()
        elif info := pipeline.run():
            info.raise_on_failed_jobs()
            dataset.refresh()
            completed = dataset.completed()
    durable.write(base, max(completed, default="").encode())
    return pipeline, completed


def cause(error: BaseException) -> BaseException:
    """The original error, without the errors of dlt around it."""
    while error.__cause__ is not None and type(error).__module__.startswith("dlt."):
        error = error.__cause__
    return error
