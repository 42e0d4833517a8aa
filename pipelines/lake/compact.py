"""Merges many small files into one. The new file is written first and the old ones are removed after it."""

import gzip
import io
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.lake import damage
from pipelines.lake.store import LOADS, Dataset, completed_in, load_id_of
from pipelines.raw.arrow import parquet_options

OPEN_MONTH_FILES = 24
LOAD_RECORDS = 24
FULL_BYTES = 32 * 2**20


def compact(dataset: Dataset, tables: Iterable[str]) -> None:
    """Leave each table one file for all past months and at most 24 files for the current one.

    The number of files to read then stays the same over the years. A kill between writing and removing leaves rows
    twice, with the same load id and key; staging keeps one of them.
    """
    completed = dataset.completed()
    for table in tables:
        paths = [path for path in dataset.files(table) if load_id_of(path) in completed]
        newest = max(map(_month, paths), default="")
        past = [path for path in paths if _month(path) < newest and dataset.sizes[path] < FULL_BYTES]
        current = [path for path in paths if _month(path) == newest and dataset.sizes[path] < FULL_BYTES]
        if len(past) > 1:
            _compact_files(dataset, past)
        if len(current) > OPEN_MONTH_FILES:
            _compact_files(dataset, current)
    _compact_load_records(dataset)


def _month(path: str) -> str:
    return path.rsplit("/", 1)[0]


def _compact_files(dataset: Dataset, paths: list[str]) -> None:
    newest = max(paths, key=load_id_of)
    target = f"{_month(newest)}/{load_id_of(newest)}.compacted.parquet"
    try:
        parts = [pq.ParquetFile(pa.BufferReader(content)).read() for content in dataset.lake.contents(paths).values()]
    except (pa.ArrowException, OSError):
        if damage.move_unreadable_away(dataset, paths):
            return  # the next run compacts the others
        raise
    rows = pa.concat_tables(parts, promote_options="default")
    compacted = io.BytesIO()
    pq.write_table(_distinct(rows), compacted, **parquet_options(rows.schema))
    dataset.write(target, compacted.getvalue())
    dataset.remove([path for path in paths if path != target])


def _distinct(rows: pa.Table) -> pa.Table:
    """Drop the second copy of rows that an interrupted compaction left twice."""
    numbered = rows.append_column("row", pa.array(range(rows.num_rows), pa.int64()))
    firsts = numbered.group_by("_dlt_id").aggregate([("row", "min")])["row_min"]
    return rows.take(firsts)


def _compact_load_records(dataset: Dataset) -> None:
    """Merge dlt's load records into one file that keeps the fields that the models use.

    dlt never deletes these records, and 8,760 of them (one year of hourly loads) make every read one second slower.
    """
    paths = dataset.records(LOADS)
    if len(paths) <= LOAD_RECORDS:
        return
    completed = sorted(completed_in(dataset.lake.texts(paths).values()))
    lines = "".join(f'{{"load_id":"{load_id}","status":0}}\n' for load_id in completed)
    target = f"{dataset.root}/{LOADS}/{dataset.source}__{completed[-1]}.compacted.jsonl.gz"
    dataset.write(target, gzip.compress(lines.encode(), mtime=0))
    dataset.remove([path for path in paths if path != target])
