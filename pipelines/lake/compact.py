"""Many small files into one: the new file is put in place first, then the old ones go, so no row is ever at risk."""

import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.lake.repair import load_id_of
from pipelines.lake.store import LOADS, Lake, completed_in

OPEN_MONTH_FILES = 24
LOAD_RECORDS = 24
FULL_BYTES = 32 * 2**20


def compact(lake: Lake, tables: list[str]) -> None:
    """Leave each table one file of all months that are over, and few of the open one: what readers open does not grow
    with the years. Between the two steps rows stand twice, with one load id and one key: staging keeps one.
    """
    completed = lake.completed()
    for table in tables:
        paths = [path for path in lake.files(table) if load_id_of(path) in completed]
        newest = max(map(_month, paths), default="")
        over = [path for path in paths if _month(path) < newest and lake.paths[path] < FULL_BYTES]
        open_month = [path for path in paths if _month(path) == newest]
        if len(over) > 1:
            _compact_files(lake, over)
        if len(open_month) > OPEN_MONTH_FILES:
            _compact_files(lake, open_month)
    _compact_load_records(lake)


def _month(path: str) -> str:
    return path.rsplit("/", 1)[0]


def _compact_files(lake: Lake, paths: list[str]) -> None:
    newest = max(paths, key=load_id_of)
    target = f"{_month(newest)}/{load_id_of(newest)}.compacted.parquet"
    parts = [pq.ParquetFile(pa.BufferReader(content)).read() for content in lake.contents(paths).values()]
    rows = pa.concat_tables(parts, promote_options="default")
    compacted = io.BytesIO()
    pq.write_table(_once(rows), compacted, compression="zstd")
    lake.write(target, compacted.getvalue())
    lake.remove([path for path in paths if path != target])


def _once(rows: pa.Table) -> pa.Table:
    """Rows that an interrupted folding left twice, once."""
    numbered = rows.append_column("row", pa.array(range(rows.num_rows), pa.int64()))
    firsts = numbered.group_by("_dlt_id").aggregate([("row", "min")])["row_min"]
    return rows.take(firsts)


def _compact_load_records(lake: Lake) -> None:
    """dlt never prunes its record of loads: 8,760 files cost a second in every read. What models ask of them stays."""
    paths = lake.records(LOADS)
    if len(paths) <= LOAD_RECORDS:
        return
    completed = sorted(completed_in(lake.texts(paths).values()))
    lines = "".join(f'{{"load_id":"{load_id}","status":0}}\n' for load_id in completed)
    target = f"{lake.dataset}/{LOADS}/spotify__{completed[-1]}.compacted.jsonl.gz"
    lake.write(target, gzip.compress(lines.encode(), mtime=0))
    lake.remove([path for path in paths if path != target])
