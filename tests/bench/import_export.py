"""`make import` of large exports, beside one DuckDB statement that reads the same files and drops repeats."""

import sys
import tempfile
from pathlib import Path

from pipelines.streaming_history.shapes import EXTENDED
from tests.bench.export_generator import write_export
from tests.bench.subprocesses import ELT, PYTHON, Measured, measured, settings
from tests.bench.table import Rows, echo, verdict

# CPU seconds, as a share of those of the statement. A million records have to pay for the start of dlt.
MOST_CPU = {100_000: None, 1_000_000: 1.7, 10_000_000: 1.2}
MOST_BYTES, MOST_MB, MOST_SECONDS_AGAIN = 1.3, 1000, 3.0
# An import stays under a gigabyte, so the statement gets no more either.
MEMORY = "600MB"
COLUMNS = ", ".join(f"'{name}': 'varchar'" for name in EXTENDED.fields)
FLAGS = ", ".join(
    f"try_cast({name} as boolean) as {name}" for name in ("shuffle", "skipped", "offline", "incognito_mode")
)


def statement(export: Path, target: Path) -> list[str]:
    """The comparator, in a process of its own."""
    return [
        PYTHON,
        "-c",
        "import duckdb, sys; duckdb.execute(sys.argv[1])",
        f"""
        set memory_limit = '{MEMORY}'; set temp_directory = '{target}.spill';
        copy (
            select distinct * replace (
                try_cast(ts as timestamp) as ts, try_cast(ms_played as bigint) as ms_played,
                try_cast(offline_timestamp as bigint) as offline_timestamp, {FLAGS}
            )
            from read_json('{export}/*.json', format = 'array', columns = {{{COLUMNS}}})
        ) to '{target}' (compression zstd)
        """,
    ]


def import_export() -> Rows:
    return [line for records in (100_000, 1_000_000) for line in compared(records)]


def import_10_million() -> Rows:
    return compared(10_000_000)


def compared(records: int) -> Rows:
    """Import an export into an empty lake, then again, and run the statement before and after it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        echo(f"import: writing {records:,} records")
        write_export(folder / "export", records)
        echo("import: the statement, the import, the same archive again, the statement")
        simple = statement(folder / "export", folder / "distinct.parquet")
        make_import = [ELT, "import", str(folder / "export")]
        before = measured(simple, settings(folder))
        once = measured(make_import, settings(folder))
        again = measured(make_import, settings(folder))
        after = measured(simple, settings(folder))
        lake = sum(file.stat().st_size for file in folder.glob("lake/streaming_history/*/*/*.parquet"))
        return rows(records, before, after, once, again, lake / (folder / "distinct.parquet").stat().st_size)


def rows(records: int, before: Measured, after: Measured, once: Measured, again: Measured, size: float) -> Rows:
    cpu = (before.cpu_seconds + after.cpu_seconds) / 2
    ratio, most = once.cpu_seconds / cpu, MOST_CPU[records]
    goal = f", goal: at most {most}: {verdict(ratio <= most)}" if most else ""
    in_time, in_memory, is_small = again.cpu_seconds < MOST_SECONDS_AGAIN, once.peak_mb < MOST_MB, size <= MOST_BYTES
    return [
        (f"{records:,} records", f"{once.cpu_seconds:.1f} s", f"CPU; {ratio:.2f} of the statement ({cpu:.1f} s){goal}"),
        ("  by the clock", f"{once.seconds:.1f} s", f"the statement {before.seconds:.1f} s, {after.seconds:.1f} s"),
        ("  peak memory", f"{once.peak_mb:.0f} MB", f"goal: under {MOST_MB} MB: {verdict(in_memory)}"),
        (
            "  bytes of the lake",
            f"{size:.2f}",
            f"of the statement's, goal: at most {MOST_BYTES}: {verdict(is_small)}",
        ),
        (
            "  the same again",
            f"{again.cpu_seconds:.1f} s",
            f"CPU; goal: under {MOST_SECONDS_AGAIN} s: {verdict(in_time)}",
        ),
    ]


if __name__ == "__main__":
    sys.stdout.writelines(f"{' · '.join(row)}\n" for row in compared(int(sys.argv[1])))
