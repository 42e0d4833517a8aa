"""A month of production on S3 and Athena: requests of an hourly run and a daily build, for small and large lakes."""

import datetime as dt
import json
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.lake_generator import Hour, make
from tests.bench.prices import ATHENA_BYTE, ATHENA_LEAST_BYTES, Statement, athena_dollars, s3_dollars
from tests.bench.subprocesses import ELT, Measured, measured, own_account
from tests.bench.table import Rows, echo, verdict
from tests.simulators.athena.cloud import Cloud, started
from tests.simulators.spotify.demo_server import DemoServer

BUCKET = "listening"
AGES = {"week": 7 * 24, "year": 365 * 24, "ten years": 10 * 365 * 24}
RUNS = 25  # one more than the files of the current month, so that the compactions of a day are included
GOAL = 1.3
NOW = dt.datetime(2026, 11, 21, 15)
HOURS_A_MONTH, DAYS_A_MONTH = 730, 30.4
MOST_DOLLARS = 1.0


@dataclass
class Age:
    """What the hourly runs and the daily build of one lake cost."""

    name: str
    requests: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    dollars: list[float] = field(default_factory=list)
    build: dict[str, Any] = field(default_factory=dict)
    build_seconds: float = 0
    by_trino: Counter[str] = field(default_factory=Counter)

    @property
    def month(self) -> float:
        """Dollars of 730 extracts and 30.4 builds at list prices, with the S3 requests of the engine."""
        hourly: float = statistics.mean(self.dollars) * HOURS_A_MONTH
        daily: float = self.build["dollars"] + s3_dollars(self.by_trino)
        return hourly + daily * DAYS_A_MONTH


def production(ages: dict[str, int] | None = None, made: Path | None = None) -> Rows:
    """`made` is a folder with lakes of an earlier run, by age."""
    with tempfile.TemporaryDirectory() as temporary, started() as cloud:
        cloud.make_bucket(BUCKET)
        found = [measure(name, hours, Path(temporary), cloud, made) for name, hours in (ages or AGES).items()]
    return rows_of(found)


def measure(name: str, hours: int, temporary: Path, cloud: Cloud, made: Path | None) -> Age:
    age, folder = Age(name), temporary / name.replace(" ", "_")
    prefix = folder.name
    with DemoServer(now=f"{NOW.isoformat()}Z") as demo_server:
        lake = made / prefix if made else folder / "lake"
        if not lake.exists():
            echo(f"production: making {hours:,} hourly loads")
            generate(lake, folder / "once", demo_server, NOW - dt.timedelta(hours=hours), hours)
        echo(f"production: {name}: putting its lake on S3")
        upload(lake, cloud, f"{prefix}/lake")
        cloud.make_databases(prefix)
        for number in range(RUNS):
            echo(f"production: {name}: hour {number + 1} of {RUNS}")
            demo_server.clock(hours=1)
            done = run("extract", folder, prefix, demo_server, cloud)
            requests = record(cloud, f"{prefix}/lake/last_run.json")["aws"]["requests"]
            by_operation = {name.removeprefix("s3."): count for name, count in requests.items() if "s3." in name}
            if number:  # the first run does the complete reads of the day, so it is not counted
                age.seconds.append(done.seconds)
                age.dollars.append(s3_dollars(by_operation))
                age.requests.update(requests)
        echo(f"production: {name}: the daily build")
        before = {by_trino: kinds(cloud, by_trino) for by_trino in (True, False)}
        statements_before = set(cloud.athena.executions)
        age.build_seconds = run("build", folder, prefix, demo_server, cloud).seconds
        age.by_trino = kinds(cloud, by_trino=True) - before[True]
        age.build = used_by_build(cloud, statements_before, kinds(cloud, by_trino=False) - before[False])
    return age


def run(verb: str, folder: Path, prefix: str, demo_server: DemoServer, cloud: Cloud) -> Measured:
    """Run a verb on a machine that has only the program."""
    home = folder / "machine"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    environment = own_account(home, demo_server) | cloud.environment
    environment |= {"LAKE_URL": f"s3://{BUCKET}/{prefix}/lake", "TARGET": "prod", "GLUE_PREFIX": prefix}
    return measured([ELT, verb], environment)


def generate(lake: Path, once: Path, demo_server: DemoServer, start: dt.datetime, hours: int) -> None:
    measured([ELT, "extract"], own_account(once, demo_server))
    times = (start + dt.timedelta(hours=number) for number in range(hours))
    make(lake, (Hour(now, now + dt.timedelta(seconds=7.25)) for now in times), once / "lake")


def upload(lake: Path, cloud: Cloud, prefix: str) -> None:
    s3 = cloud.client("s3")
    for file in sorted(lake.rglob("*")):
        if file.is_file():
            s3.put_object(Bucket=BUCKET, Key=f"{prefix}/{file.relative_to(lake)}", Body=file.read_bytes())


def record(cloud: Cloud, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cloud.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read())
    return found


def used_by_build(cloud: Cloud, statements_before: set[str], requests: Counter[str]) -> dict[str, Any]:
    """The statements of a build that the simulator ran, and the dollars for them and for the build's S3 requests."""
    statements = [
        Statement(one.statement.type, one.statement.subtype, one.state, one.bytes_scanned)
        for name, one in cloud.athena.executions.items()
        if name not in statements_before
    ]
    return {
        "statements": len(statements),
        "statements_billed": sum(one.is_billed for one in statements),
        "bytes_scanned": sum(one.bytes for one in statements),
        "dollars": athena_dollars(statements) + s3_dollars(requests),
    }


def kinds(cloud: Cloud, by_trino: bool) -> Counter[str]:
    return Counter(kind(request) for request in cloud.s3_requests(by_trino))


def kind(request: str) -> str:
    """The kind of a request in the price list, for instance List for `GET /bucket?list-type=2`."""
    return "List" if "list-type" in request else request.split(" ", 1)[0].title()


def rows_of(ages: list[Age]) -> Rows:
    first, last = ages[0], ages[-1]
    rows: Rows = []
    for name in sorted({name for age in ages for name in age.requests}):
        rows.append((f"hourly: {name}", *spread([f"{age.requests[name] / (RUNS - 1):.1f}" for age in ages])))
    rows.append(("hourly: all requests", *spread([f"{each(age):.1f}" for age in ages], each(last) / each(first))))
    seconds = [statistics.median(age.seconds) for age in ages]
    rows.append(("hourly: seconds, median", *spread([f"{one:.1f}" for one in seconds], seconds[-1] / seconds[0])))
    for name in ("statements", "statements_billed"):
        rows.append(
            (f"daily: {name}", *spread([str(age.build[name]) for age in ages], last.build[name] / first.build[name]))
        )
    scanned = [age.build["bytes_scanned"] / 10**6 for age in ages]
    rows.append(("daily: MB scanned", *spread([f"{one:.1f}" for one in scanned], scanned[-1] / scanned[0])))
    rows.append(
        (
            "daily: USD for statements",
            *spread([f"{age.build['dollars']:.4f}" for age in ages], last.build["dollars"] / first.build["dollars"]),
        )
    )
    for name in sorted({name for age in ages for name in age.by_trino}):
        rows.append((f"daily: the engine's {name}", *spread([str(age.by_trino[name]) for age in ages])))
    rows.append(
        (
            "daily: seconds",
            *spread([f"{age.build_seconds:.0f}" for age in ages], last.build_seconds / first.build_seconds),
        )
    )
    is_cheap = verdict(max(age.month for age in ages) < MOST_DOLLARS)
    rows.append(
        ("a month, USD", " · ".join(f"{age.month:.2f}" for age in ages), f"goal: under {MOST_DOLLARS:.0f}: {is_cheap}")
    )
    floor = ATHENA_LEAST_BYTES * ATHENA_BYTE
    rows.append(("  a billed statement, USD", f"{floor:.6f}", "Athena's least: 10 MB"))
    return [("", " · ".join(age.name for age in ages), "last against first"), *rows]


def each(age: Age) -> float:
    return sum(age.requests.values()) / (RUNS - 1)


def spread(figures: list[str], ratio: float | None = None) -> tuple[str, str]:
    judged = f"{ratio:.2f}, goal: at most {GOAL}: {verdict(ratio <= GOAL)}" if ratio else ""
    return " · ".join(figures), judged


if __name__ == "__main__":
    made = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    sys.stdout.writelines(f"{' | '.join(row)}\n" for row in production(made=made))
