"""Prints the truth table: `python -m tests.truth --days 20 --seeds 1 2`.

For each combination of sources, what fct_plays makes of the plays that happened in so many days.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.demo.exports.export import ONE_YEAR
from pipelines.demo.world.clock import DAY, HOUR, moment
from pipelines.demo.world.world import Options, World
from tests.transform.conftest import Warehouse
from tests.truth.case import Case, Exported, build_plays
from tests.truth.shown import shown

ENDS = {
    "G1": "2020-04-01T06:00:00Z",
    "G2": "2022-10-01T06:00:00Z",
    "G3": "2022-10-20T06:00:00Z",
    "G4": "2024-11-20T06:00:00Z",
    "G5": "2025-06-01T06:00:00Z",
    "G6": "2026-11-01T06:00:00Z",
    ONE_YEAR: "2026-11-01T06:00:00Z",
}
COMBINATIONS = (
    ("hourly",),
    ("daily",),
    ("broken",),
    *((polls, name) for name in ENDS for polls in ("hourly", "")),
    ("daily", "G6"),
    ("broken", "G6"),
    ("broken", ONE_YEAR),
    ("hourly", "G6", ONE_YEAR),
    ("hourly", "G3", "G6"),
)
HEAD = "sources | until | happened | told | rows | lost | no gap | twice | unknown | wrong start | wrong ms | no start"


def moments(polls: str, start: int, until: int) -> list[int]:
    """When recently played is asked. Broken polls are hourly on one day of three."""
    hours = list(range(start, until + 1, HOUR))
    return {
        "hourly": hours,
        "daily": hours[::24],
        "broken": [at for at in hours if (at - start) // DAY % 3 == 0] + hours[-1:],
        "": [],
    }[polls]


def row(folder: Path, seed: int, days: int, polls: str, *names: str) -> Iterator[object]:
    """The cells of one combination."""
    end = ENDS[names[0] if names else "G6"]
    until = moment(end)
    start = until - days * DAY
    case = Case(World(Options(until, seed)), folder)
    (folder / "warehouse").mkdir()
    warehouse = Warehouse(folder / "warehouse")
    case.poll(moments(polls, start, until))
    for name in names:
        case.add(Exported(name, start, until))
    build_plays(warehouse, case.lake)
    always = shown(case.world, moments("hourly", start, until)) if not names else ()
    found = case.compare(warehouse, always)
    yield " + ".join(filter(None, (polls, *names)))
    yield end[:10]
    yield len(list(case.world.history.between(start, until)))
    yield from (found.told, found.rows, len(found.lost))
    yield len(case.outside_gaps(warehouse, found.lost)) if polls else "-"
    yield from (len(found.twice), len(found.unknown), len(found.wrong_start), len(found.wrong_ms))
    yield found.starts_not_told


def main() -> None:
    """Print one line for each seed and combination."""
    parser = argparse.ArgumentParser(prog="python -m tests.truth", description=__doc__)
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    arguments = parser.parse_args()
    print(HEAD)
    for seed in arguments.seeds:
        for combination in COMBINATIONS:
            with tempfile.TemporaryDirectory() as folder:
                print(" | ".join(map(str, row(Path(folder), seed, arguments.days, *combination))), flush=True)


if __name__ == "__main__":
    main()
