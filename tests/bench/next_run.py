"""The next hourly run on a lake of one week and on a lake of one year: calls, files, seconds."""

import datetime as dt
import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.lake_generator import Hour, make
from tests.bench.subprocesses import ELT, Measured, last_run, measured, own_account
from tests.bench.table import Rows, echo, verdict
from tests.simulators.spotify.demo_server import DemoServer

AGES = {"week": 7 * 24, "year": 365 * 24}
TIMES = 7
GOAL = 1.3


def next_run() -> Rows:
    """Both lakes belong to one account and end an hour before the run, so the next run reads the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        return compared(Path(folder))


def compared(folder: Path) -> Rows:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    lakes = {age: folder / age for age in AGES}
    with DemoServer(now=f"{now.isoformat()}Z") as demo_server:
        for age, hours in AGES.items():
            echo(f"next run: making {hours} hourly loads{' (some minutes)' if hours > 1000 else ''}")
            generated(folder / age, demo_server, now - dt.timedelta(hours=hours), hours)
        # The first run on each lake restores dlt's state, parses the dbt project and does the day's complete reads.
        echo("next run: a first run on each, not counted")
        first = {age: measured([ELT, "elt"], own_account(lake, demo_server)) for age, lake in lakes.items()}
        extracts: dict[str, list[Measured]] = {age: [] for age in AGES}
        loads: dict[str, list[float]] = {age: [] for age in AGES}
        calls: dict[str, list[dict[str, int]]] = {age: [] for age in AGES}
        for number in range(TIMES):
            echo(f"next run: hour {number + 1} of {TIMES}")
            demo_server.clock(hours=1)
            for age, lake in lakes.items():
                extracts[age].append(measured([ELT, "extract"], own_account(lake, demo_server)))
                report = last_run(lake)
                loads[age].append(report["seconds"]["load"])
                calls[age].append(report["calls"] | {"token": report["token_calls"]})
        demo_server.clock(hours=1)
        echo("next run: the whole of it")
        whole = {age: measured([ELT, "elt"], own_account(lake, demo_server)) for age, lake in lakes.items()}
    files = {age: matched(lake / "lake" / "spotify") for age, lake in lakes.items()}
    seconds = {age: [run.seconds for run in runs] for age, runs in extracts.items()}
    processor = {age: [run.cpu_seconds for run in runs] for age, runs in extracts.items()}
    made = statistics.median(sum(run.values()) for run in calls["week"])
    same = verdict(calls["week"] == calls["year"])
    return [
        ("calls of an extract", f"{made:.0f}", f"year in: the same hour by hour: {same}"),
        ("files that readers match", f"{sum(files['week'].values())}", f"year in: {sum(files['year'].values())}"),
        ("most in one table", f"{most(files['week'])}", f"year in: {most(files['year'])}"),
        row("first run, state restored (elt)", [first["week"].seconds], [first["year"].seconds], None),
        row(f"extract, median of {TIMES}", seconds["week"], seconds["year"], GOAL),
        row("  its processor seconds", processor["week"], processor["year"], None),
        row("  of it the load itself", loads["week"], loads["year"], None),
        row("elt, once", [whole["week"].seconds], [whole["year"].seconds], GOAL),
    ]


def generated(folder: Path, demo_server: DemoServer, start: dt.datetime, hours: int) -> None:
    measured([ELT, "extract"], own_account(folder / "once", demo_server))
    times = (start + dt.timedelta(hours=number) for number in range(hours))
    make(folder / "lake", (Hour(now, now + dt.timedelta(seconds=7.25)) for now in times), folder / "once" / "lake")


def row(what: str, week: list[float], year: list[float], goal: float | None) -> tuple[str, str, str]:
    before, after = statistics.median(week), statistics.median(year)
    ratio = after / before
    judged = f", goal: at most {goal:.2f}: {verdict(ratio <= goal)}" if goal else ""
    return what, f"{before:.2f} s", f"year in: {after:.2f} s, ratio {ratio:.2f}{judged}"


def matched(dataset: Path) -> dict[str, int]:
    """The number of files that each reader's glob pattern matches."""
    tables = {folder.name: len(list(folder.glob("*/*.parquet"))) for folder in dataset.iterdir() if folder.is_dir()}
    return tables | {"_dlt_loads": len(list(dataset.glob("_dlt_loads/*.jsonl")))}


def most(files: dict[str, int]) -> str:
    name = max(files, key=lambda name: files[name])
    return f"{files[name]} ({name})"


if __name__ == "__main__":
    sys.stdout.writelines(f"{' · '.join(row)}\n" for row in next_run())
