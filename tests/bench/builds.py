"""How first and daily builds grow with the history.

Two things are measured beside them: one DuckDB statement that copies the same files, and a build without the history.
"""

import shutil
import tempfile
from pathlib import Path

import duckdb

from tests.bench.history import IMPORTED, NEXT_DAY, POLLED, STREAMS, add
from tests.bench.lake_generator import load_id
from tests.bench.subprocesses import ELT, PYTHON, measured, settings
from tests.bench.table import Rows, echo, verdict

SIZES = (10_000, 100_000, 1_000_000)
MOST_OF_A_FULL_BUILD = 0.05
COPY = "create table copied as from read_parquet($1)"
FLOOR = f"import duckdb, sys; duckdb.connect(sys.argv[1]).execute({COPY!r}, [sys.argv[2]])"


def builds() -> Rows:
    return [row for records in SIZES for row in grown(records)]


def builds_10_million() -> Rows:
    return grown(10_000_000)


def grown(records: int) -> Rows:
    """The rows of one size. Seconds are CPU seconds, so that other work on the machine counts less."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        environment = settings(folder)
        echo(f"builds: a lake with {records:,} records")
        measured([ELT, "extract"], environment)
        measured([ELT, "build"], environment)  # dbt parses the project
        without = measured([ELT, "build"], environment)
        (folder / "spotify.duckdb").unlink()
        shutil.rmtree(folder / "dbt")
        db = duckdb.connect()
        db.execute("create table streams as " + STREAMS.format(records=records, at=IMPORTED, load=load_id(IMPORTED)))
        add(db, folder / "lake", IMPORTED, polls=min(POLLED, records // 2), with_export=True)
        echo("builds: the floor, the first build, the next day's build, a build without anything new")
        files = f"{folder}/lake/streaming_history/streams/*/*.parquet"
        floor = measured([PYTHON, "-c", FLOOR, str(folder / "floor.duckdb"), files], environment)
        first = measured([ELT, "build"], environment)
        add(db, folder / "lake", NEXT_DAY, polls=40, with_export=False)
        daily = measured([ELT, "build"], environment)
        idle = measured([ELT, "build"], environment)
    share = daily.cpu_seconds / first.cpu_seconds
    fixed = f"{without.seconds:.1f} s: {without.seconds / first.seconds:.1%} of the first build's seconds"
    goal = f"aim: {MOST_OF_A_FULL_BUILD:.0%} at 10 million: {verdict(share <= MOST_OF_A_FULL_BUILD)}"
    floors = f"{first.cpu_seconds / floor.cpu_seconds:.0f} and {daily.cpu_seconds / floor.cpu_seconds:.0f} floors"
    return [
        (f"{records:,} records", f"{floor.cpu_seconds:.1f} CPU s", "the floor: DuckDB copies the files into a table"),
        ("  without them", f"{without.cpu_seconds:.1f} CPU s", fixed),
        ("  first build", f"{first.cpu_seconds:.1f} CPU s", f"{first.seconds:.1f} s, peak {first.peak_mb:.0f} MB"),
        ("  daily build", f"{daily.cpu_seconds:.1f} CPU s", f"{daily.seconds:.1f} s, peak {daily.peak_mb:.0f} MB"),
        ("  nothing new", f"{idle.cpu_seconds:.1f} CPU s", f"{idle.seconds:.1f} s"),
        ("  daily of first", f"{share:.0%}", goal if records >= 10_000_000 else floors),
    ]
