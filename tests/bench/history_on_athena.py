"""One history on the other engine: 100,000 records of an export and a year of polls, built on Trino."""

import tempfile
from collections import Counter
from pathlib import Path

import duckdb

from tests.bench.history import IMPORTED, NEXT_DAY, POLLED, STREAMS, add
from tests.bench.lake_generator import load_id
from tests.bench.production import BUCKET, run, upload, used_by_build
from tests.bench.subprocesses import ELT, measured, own_account
from tests.bench.table import Rows, echo
from tests.simulators.athena.cloud import Cloud, started
from tests.simulators.spotify.demo_server import DemoServer

RECORDS = 100_000
PREFIX = "history"


def history_on_athena(records: int = RECORDS) -> Rows:
    with tempfile.TemporaryDirectory() as name, started() as cloud, DemoServer() as demo_server:
        folder = Path(name)
        lake = folder / "lake"
        cloud.make_bucket(BUCKET)
        cloud.make_databases(PREFIX)
        echo("history_athena: the demo account's lake, and the records")
        measured([ELT, "extract"], own_account(folder, demo_server))
        db = duckdb.connect()
        db.execute("create table streams as " + STREAMS.format(records=records, at=IMPORTED, load=load_id(IMPORTED)))
        add(db, lake, IMPORTED, polls=POLLED, with_export=True)
        first = built("first build", lake, demo_server, cloud)
        add(db, lake, NEXT_DAY, polls=40, with_export=False)
        daily = built("daily build", lake, demo_server, cloud)
    return [("records", f"{records:,}", f"and {POLLED:,} polled plays"), first, daily]


def built(name: str, lake: Path, demo_server: DemoServer, cloud: Cloud) -> tuple[str, str, str]:
    """Put the lake on S3 and build it. The seconds are those of the whole verb."""
    echo(f"history_athena: {name}")
    (lake / ".lock").unlink(missing_ok=True)  # on S3 a lock is held by writing an object of this name
    upload(lake, cloud, f"{PREFIX}/lake")
    before = set(cloud.athena.executions)
    done = run("build", lake.parent, PREFIX, demo_server, cloud)
    used = used_by_build(cloud, before, Counter())
    billed = f"{used['statements']} statements, {used['statements_billed']} billed"
    return (name, f"{done.seconds:.0f} s", f"{billed}, {used['bytes_scanned'] / 10**6:.0f} MB scanned")
