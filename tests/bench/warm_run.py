"""`make elt` on the demo account after `make setup`: a cold run, warm runs, and the seconds by part."""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.subprocesses import ELT, PYTHON, Measured, measured, settings
from tests.bench.table import Rows, echo, verdict

TIMES = 3
AIM_S = 8
FLOOR = "import dlt, dbt.cli.main, duckdb"


def warm_run() -> Rows:
    """A warm run has the lake, the tables and dbt's parse cache of the run before, and nothing is new."""
    with tempfile.TemporaryDirectory() as folder:
        environment = settings(Path(folder))
        echo("warm run: cold")
        cold = measured([ELT, "elt"], environment)
        warm: list[Measured] = []
        floor: list[Measured] = []
        for number in range(TIMES):
            echo(f"warm run: {number + 1} of {TIMES}")
            warm.append(measured([ELT, "elt"], environment))
            floor.append(measured([PYTHON, "-c", FLOOR], environment))
        echo("warm run: its parts")
        parts: dict[str, float] = json.loads(
            measured([PYTHON, "-m", "tests.bench.parts"], environment).output.splitlines()[-1]
        )
    seconds, least = median(warm), median(floor)
    cpu = statistics.median(run.cpu_seconds for run in warm)
    return [
        ("cold: empty lake, nothing parsed", f"{cold.seconds:.1f} s", f"{cold.cpu_seconds:.1f} s of processor"),
        (f"warm, median of {TIMES}", f"{seconds:.1f} s", f"aim: {AIM_S} s: {verdict(seconds <= AIM_S)}"),
        ("  its processor seconds", f"{cpu:.1f} s", "the demo account's own among them"),
        ("floor: the imports alone", f"{least:.1f} s", f"python -c {FLOOR!r}: ratio {seconds / least:.1f}"),
        *((f"  {name}", f"{part:.2f} s", "of one more warm run") for name, part in parts.items()),
    ]


def median(runs: list[Measured]) -> float:
    return statistics.median(run.seconds for run in runs)


if __name__ == "__main__":
    sys.stdout.writelines(f"{' · '.join(row)}\n" for row in warm_run())
