"""Two weeks of hourly runs on S3, each on a new machine. Thirty runs are killed, and no table may differ afterwards."""

import datetime as dt
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from pipelines.lake import lease
from pipelines.lake.compact import OPEN_MONTH_FILES
from pipelines.lake.store import Lake
from tests.bench.lake_generator import Hour, make
from tests.bench.production import BUCKET, upload
from tests.bench.subprocesses import ELT, measured, own_account
from tests.bench.table import Rows, echo, verdict
from tests.kills.loads import Loads, rows_of
from tests.simulators.athena.cloud import Cloud, started
from tests.simulators.athena.parity import Marts
from tests.simulators.aws.server import LAKE_URL, serving
from tests.simulators.spotify.demo_server import DemoServer

START = dt.datetime(2026, 10, 27, 8)  # so that the two weeks include the end of a month
HOURS = 14 * 24
KILLS = 30
CHANGING = r"^s3\.(?!Get|Head|List)"
Found = dict[str, set[str]]


def weeks(hours: int = HOURS, kills: int = KILLS) -> Rows:
    with tempfile.TemporaryDirectory() as temporary:
        return compared(Path(temporary), hours, kills)


def compared(folder: Path, hours: int, kills: int) -> Rows:
    began = time.monotonic()
    real_runs(folder / "whole", hours, 0)
    places = real_runs(folder / "killed", hours, kills)
    took = time.monotonic() - began
    echo("weeks: the same weeks by the generator")
    with DemoServer(now=f"{START.isoformat()}Z") as demo_server, started() as cloud:
        measured([ELT, "extract"], own_account(folder / "once", demo_server))
        (folder / "generated").mkdir()
        make(folder / "generated" / "lake", all_hours(hours), folder / "once" / "lake")
        echo("weeks: the tables, on both engines")
        cloud.make_bucket(BUCKET)
        built = {name: marts(folder / name, demo_server, cloud) for name in ("whole", "killed")}
    raw = {name: rows_of(Lake(str(folder / name / "lake"))) for name in ("whole", "killed", "generated")}
    files = {name: by_folder(folder / name / "lake") for name in ("whole", "generated")}
    return [
        ("runs", f"{2 * hours + sum(places.values())}", f"{took / 60:.0f} minutes, {kills} of them killed"),
        ("killed at", "", ", ".join(f"{name} {count}" for name, count in sorted(places.items()))),
        ("raw rows, killed as whole", count(raw["killed"]), verdict(raw["killed"] == raw["whole"])),
        ("raw rows, generated as whole", count(raw["generated"]), verdict(raw["generated"] == raw["whole"])),
        (
            "files, generated as whole, folder by folder",
            str(sum(files["whole"].values())),
            verdict(files["generated"] == files["whole"]),
        ),
        ("marts, killed as whole", count(built["killed"]), verdict(built["killed"] == built["whole"])),
        ("marts, DuckDB as Athena", f"{len(built['killed'])} tables", verdict(True)),
    ]


def all_hours(hours: int) -> list[Hour]:
    times = (START + dt.timedelta(hours=number) for number in range(hours))
    return [Hour(now, now + dt.timedelta(seconds=7.25)) for now in times]


def real_runs(folder: Path, hours: int, kills: int) -> Counter[str]:
    """Run the program once for each hour and return where kills hit a run. Leaves a copy of the lake in the folder.

    The folder of the machine is deleted after each run, and after each kill.
    """
    folder.mkdir()
    chance = random.Random(7)
    chosen = set(chance.sample(range(1, hours - kills), kills))
    due = 0
    places: Counter[str] = Counter()
    with serving() as cloud, DemoServer(now=f"{START.isoformat()}Z") as demo_server:
        loads = Loads(folder, demo_server, **cloud.environment, LAKE_URL=LAKE_URL)
        loads.open_month_files = OPEN_MONTH_FILES
        for number, hour in enumerate(all_hours(hours)):
            if number % 24 == 0:
                echo(f"weeks: {folder.name}: day {number // 24 + 1}")
            now = demo_server.clock(now=f"{hour.now.isoformat()}Z")
            due += number in chosen
            if due:
                done = loads.load(now, CHANGING, chance.randrange(8), str(float(hour.load_id) - 4))
                places[place(done)] += 1
                empty(loads)
                if done["exit"] == -9:
                    due -= 1  # the run ended before it was killed, so the next hour's run is killed instead
                    cloud.age("lake/.lock", lease.LEASE_S)  # the next run comes an hour later
            done = loads.load(now, load_id=hour.load_id)
            if done["exit"]:
                raise RuntimeError(f"the run of {now} ended with {done['exit']}")
            empty(loads)
        loads.stop()
        cloud.copy(folder)
    return places


def place(done: dict[str, Any]) -> str:
    """The last request of the killed run."""
    if done["exit"] != -9:
        return "not at all: it had ended"
    call, _, path = (done["calls"] or ["nothing yet"])[-1].partition(" ")
    return f"{call.removeprefix('s3.')} {path.split('/')[-2] if '/' in path else ''}".strip()


def empty(loads: Loads) -> None:
    shutil.rmtree(loads.data)
    loads.data.mkdir()


def by_folder(lake: Path) -> Counter[str]:
    return Counter(str(file.relative_to(lake).parent) for file in (lake / "spotify").rglob("*") if file.is_file())


def marts(folder: Path, demo_server: DemoServer, cloud: Cloud) -> Found:
    """Every mart as DuckDB builds it. Raises RuntimeError if Athena builds other rows."""
    prefix, home = folder.name, folder / "machine"
    home.mkdir()
    upload(folder / "lake", cloud, f"{prefix}/lake")
    cloud.make_databases(prefix)
    environment = own_account(home, demo_server) | cloud.environment
    environment |= {"LAKE_URL": f"s3://{BUCKET}/{prefix}/lake", "GLUE_PREFIX": prefix}
    for target in ("dev", "prod"):
        measured([ELT, "build"], environment | {"TARGET": target})
    if differences := Marts(home / "spotify.duckdb", cloud, f"{prefix}_marts").difference():
        raise RuntimeError(f"the engines differ: {differences}")
    with duckdb.connect(str(home / "spotify.duckdb"), read_only=True) as db:
        names = db.execute("select table_name from information_schema.tables where table_schema = 'marts'").fetchall()
        return {name: {repr(row) for row in db.execute(f"from marts.{name}").fetchall()} for (name,) in names}


def count(found: Found) -> str:
    return f"{sum(map(len, found.values())):,}"


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.stdout.writelines(f"{' | '.join(row)}\n" for row in weeks(*given))
