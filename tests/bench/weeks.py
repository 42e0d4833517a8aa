"""Two weeks on S3, hour by hour, each run on a machine of its own; thirty are killed, and no table must show it."""

import datetime as dt
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb

from pipelines.lake.place import Lake
from pipelines.spotify.tables import TABLES
from tests.athena.cloud import Cloud, started
from tests.athena.parity import Marts
from tests.bench.lake_generator import Hour, make
from tests.bench.subprocesses import ELT, measured, own_account
from tests.bench.table import Rows, say, verdict
from tests.cloud.server import exported
from tests.kills.test_kills import Loads
from tests.listener import Listener

START = dt.datetime(2026, 10, 27, 8)  # over the end of a month
HOURS = 14 * 24
KILLS = 30
BUCKET = "listening"
CHANGING = r"^s3\.(?!Get|Head|List)"
Found = dict[str, set[str]]


def weeks(hours: int = HOURS, kills: int = KILLS) -> Rows:
    with tempfile.TemporaryDirectory() as temporary, started() as cloud:
        folder = Path(temporary)
        cloud.client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": cloud.environment["AWS_REGION"]}
        )
        began = time.monotonic()
        whole, _ = lived(folder / "whole", cloud, hours, 0)
        killed, places = lived(folder / "killed", cloud, hours, kills)
        took = time.monotonic() - began
        say("weeks: the same weeks by the generator")
        generated = folder / "generated"
        with Listener(now=f"{START.isoformat()}Z") as listener:
            measured([ELT, "extract"], own_account(folder / "once", listener))
            make(generated, all_hours(hours), folder / "once" / "lake")
            say("weeks: the tables, on both engines")
            built = {name: marts(folder / name, name, listener, cloud) for name in ("whole", "killed")}
        left = rows(Lake(str(generated)), folder)
        same_files = files(whole) == Counter(str(path.parent) for path in relative(generated))
        return [
            ("runs", f"{2 * hours + kills}", f"{took / 60:.0f} minutes, {kills} of them killed"),
            ("killed after", "", ", ".join(f"{name} {count}" for name, count in sorted(places.items()))),
            (
                "raw rows, killed against whole",
                count(rows(killed, folder)),
                verdict(rows(killed, folder) == rows(whole, folder)),
            ),
            ("raw rows, generated against whole", count(left), verdict(left == rows(whole, folder))),
            ("files by folder, generated against whole", str(sum(files(whole).values())), verdict(same_files)),
            ("marts, killed against whole", count(built["killed"]), verdict(built["killed"] == built["whole"])),
        ]


def all_hours(hours: int) -> list[Hour]:
    times = (START + dt.timedelta(hours=number) for number in range(hours))
    return [Hour(now, now + dt.timedelta(seconds=7.25)) for now in times]


def lived(folder: Path, cloud: Cloud, hours: int, kills: int) -> tuple[Lake, Counter[str]]:
    """Every hour is one run; the machine's folder is thrown away after each, and after each kill."""
    folder.mkdir()
    chance = random.Random(7)
    killed = set(chance.sample(range(1, hours), kills))
    places: Counter[str] = Counter()
    url = f"s3://{BUCKET}/{folder.name}/lake"
    with Listener(now=f"{START.isoformat()}Z") as listener:
        loads = Loads(folder, listener, **cloud.environment, LAKE_URL=url)
        for number, hour in enumerate(all_hours(hours)):
            if number % 24 == 0:
                say(f"weeks: {folder.name}: day {number // 24 + 1}")
            now = listener.clock(now=f"{hour.now.isoformat()}Z")
            if number in killed:
                done = loads.load(now, CHANGING, chance.randrange(8))
                places[done["calls"][-1].split()[0] if done["calls"] else "the first request"] += done["exit"] == -9
                empty(loads)
            done = loads.load(now, load_id=hour.load_id)
            if done["exit"]:
                raise RuntimeError(f"the run of {now} ended with {done['exit']}")
            empty(loads)
        loads.stop()
    with exported(cloud.environment):
        return Lake(url), places


def empty(loads: Loads) -> None:
    shutil.rmtree(loads.data)
    loads.data.mkdir()


def rows(lake: Lake, folder: Path) -> Found:
    """Of completed loads, without dlt's own columns and the runs' own facts."""
    lake.look_again()
    completed = sorted(lake.completed())
    found: Found = {}
    for name in TABLES.keys() - {"resource_runs"}:
        with tempfile.TemporaryDirectory(dir=folder) as copies, duckdb.connect() as db:
            there = lake.within_reach(lake.files(name), Path(copies))
            if there:
                query = "select * exclude (_dlt_id, _dlt_load_id) from read_parquet(?, hive_partitioning = false)"
                where = "where _dlt_load_id in (select unnest(?))"
                found[name] = {repr(row) for row in db.execute(f"{query} {where}", [there, completed]).fetchall()}
    return found


def files(lake: Lake) -> Counter[str]:
    return Counter(path.removeprefix(lake.root).strip("/").rsplit("/", 1)[0] for path in lake.paths)


def relative(folder: Path) -> list[Path]:
    return [file.relative_to(folder) for file in (folder / "spotify").rglob("*") if file.is_file()]


def marts(folder: Path, prefix: str, listener: Listener, cloud: Cloud) -> Found:
    """Every mart as DuckDB builds it; Athena's are built too and must be the same."""
    home = folder / "machine"
    home.mkdir()
    for layer in ("raw", "staging", "intermediate", "marts"):
        cloud.client("glue").create_database(DatabaseInput={"Name": f"{prefix}_{layer}"})
    environment = own_account(home, listener) | cloud.environment
    environment |= {"LAKE_URL": f"s3://{BUCKET}/{prefix}/lake", "GLUE_PREFIX": prefix}
    for target in ("dev", "prod"):
        measured([ELT, "build"], environment | {"TARGET": target})
    if told := Marts(home / "spotify.duckdb", cloud, f"{prefix}_marts").difference():
        raise RuntimeError(f"the engines differ: {told}")
    with duckdb.connect(str(home / "spotify.duckdb"), read_only=True) as db:
        names = db.execute("select table_name from information_schema.tables where table_schema = 'marts'").fetchall()
        return {name: {repr(row) for row in db.execute(f"from marts.{name}").fetchall()} for (name,) in names}


def count(found: Found) -> str:
    return f"{sum(map(len, found.values())):,}"


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.stdout.writelines(f"{' | '.join(row)}\n" for row in weeks(*given))
