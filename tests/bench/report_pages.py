"""`make report` about a million plays, beside the least that any report must do: start, and read the tables once."""

import gzip
import tempfile
from pathlib import Path

import duckdb

from tests.bench.history import IMPORTED, STREAMS, add
from tests.bench.lake_generator import load_id
from tests.bench.subprocesses import ELT, PYTHON, measured, settings
from tests.bench.table import Rows, echo, verdict

RECORDS = 1_200_000
MOST_SECONDS = 10
# The packages that a report needs, and one pass over every mart.
FLOOR = """
import altair, duckdb, jinja2, sys, vl_convert
db = duckdb.connect(sys.argv[1], read_only=True)
for (name,) in db.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall():
    db.execute(f"select count(columns(*)) from marts.{name}").fetchall()
"""


def report_pages(records: int = RECORDS) -> Rows:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        environment = settings(folder)
        file = folder / "spotify.duckdb"
        echo(f"report: a lake with {records:,} records of an export, and its build")
        measured([ELT, "extract"], environment)
        with duckdb.connect() as db:
            rows = STREAMS.format(records=records, at=IMPORTED, load=load_id(IMPORTED))
            db.execute("create table streams as " + rows)
            add(db, folder / "lake", IMPORTED, polls=12_000, with_export=True)
        measured([ELT, "build"], environment)
        with duckdb.connect(str(file), read_only=True) as tables:
            ((plays,),) = tables.execute("select sum(plays)::bigint from marts.listening_by_day").fetchall()
        echo("report: the floor, and the report")
        floor = measured([PYTHON, "-c", FLOOR, str(file)], environment)
        report = measured([ELT, "report", "--no-open"], environment)
        pages = {page.name: page.read_bytes() for page in (folder / "report").glob("*.html")}
    index, years = pages.pop("index.html"), [len(page) for page in pages.values()]
    packed = len(gzip.compress(index))
    return [
        ("plays that count", f"{plays:,}", f"{len(pages)} years"),
        ("floor", f"{floor.seconds:.1f} s", f"{floor.cpu_seconds:.1f} CPU s: start, and every mart read once"),
        (
            "make report",
            f"{report.seconds:.1f} s",
            f"{report.cpu_seconds:.1f} CPU s, {report.cpu_seconds / floor.cpu_seconds:.1f} times the floor, "
            f"peak {report.peak_mb:.0f} MB; aim: {MOST_SECONDS} s: {verdict(report.seconds <= MOST_SECONDS)}",
        ),
        (
            "report page",
            f"{len(index) / 1e6:.2f} MB",
            f"gzipped {packed / 1000:.0f} kB; aim: 2.5 MB and 400 kB: {verdict(len(index) < 2.5e6 and packed < 4e5)}",
        ),
        ("largest page of a year", f"{max(years) / 1000:.0f} kB", f"aim: 800 kB: {verdict(max(years) < 8e5)}"),
    ]
