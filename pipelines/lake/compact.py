"""Many small files into one: the new file is put in place first, then the old ones go, so no row is ever at risk."""

import io
from collections import defaultdict

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.lake.place import LOADS, Lake
from pipelines.lake.repair import load_id_of

OPEN_MONTH_FILES = 24
LOAD_RECORDS = 24


def compact(lake: Lake, tables: list[str]) -> None:
    """Fold every folder that has grown; a month that is over becomes one file. Between the two steps rows stand
    twice, with one load id and one key: staging keeps one.
    """
    completed = lake.completed()
    for table in tables:
        months: defaultdict[str, list[str]] = defaultdict(list)
        for path in lake.files(table):
            if load_id_of(path) in completed:
                months[path.rsplit("/", 1)[0]].append(path)
        for month, paths in months.items():
            is_over = month < max(months)
            if len(paths) > (1 if is_over else OPEN_MONTH_FILES):
                _fold(lake, month, paths)
    _fold_load_records(lake)


def _fold(lake: Lake, folder: str, paths: list[str]) -> None:
    newest = max(map(load_id_of, paths))
    target = f"{folder}/{newest}.folded.parquet"
    parts = []
    for path in paths:
        with lake.fs.open(path) as file:
            parts.append(pq.ParquetFile(file).read())
    rows = pa.concat_tables(parts, promote_options="default")
    folded = io.BytesIO()
    pq.write_table(_once(rows), folded, compression="zstd")
    lake.write(target, folded.getvalue())
    for path in paths:
        if path != target:
            lake.fs.rm_file(path)


def _once(rows: pa.Table) -> pa.Table:
    """Rows that an interrupted folding left twice, once."""
    numbered = rows.append_column("row", pa.array(range(rows.num_rows), pa.int64()))
    firsts = numbered.group_by("_dlt_id").aggregate([("row", "min")])["row_min"]
    return rows.take(firsts)


def _fold_load_records(lake: Lake) -> None:
    """dlt never prunes its record of loads: 8,760 files cost a second in every read."""
    paths = lake.records(LOADS)
    if len(paths) <= LOAD_RECORDS:
        return
    lines = sorted({line for path in paths for line in lake.read_text(path).splitlines() if line.strip()})
    target = max(paths, key=lambda path: path.rsplit("__", 1)[1])
    lake.write(target, "\n".join(lines).encode())
    for path in paths:
        if path != target:
            lake.fs.rm_file(path)
