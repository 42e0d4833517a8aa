"""From the demo server and the command that writes its export to fct_plays, with runs that are killed on the way."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.demo.exports.generations import GENERATIONS
from pipelines.demo.exports.records import heard
from pipelines.demo.world.clock import HOUR, moment, to_the_second
from pipelines.demo.world.world import Options, World
from tests.kills.loads import Loads
from tests.simulators.spotify.demo_server import DemoServer
from tests.transform.conftest import Warehouse
from tests.truth.case import build_plays
from tests.truth.compare import QUESTION, compare, rows_of
from tests.truth.shown import shown
from tests.truth.told import Told

SIZE, PLAYLISTS = 20, 0
FIRST = moment("2026-11-02T08:00:00Z")
LATER = FIRST + 4 * HOUR
FROM = moment("2026-10-31T00:00:00Z")


@pytest.fixture
def demo_server() -> Iterator[DemoServer]:
    with DemoServer(size=SIZE, playlists=PLAYLISTS) as found:
        yield found


@pytest.fixture
def loads(demo_server: DemoServer, tmp_path: Path) -> Iterator[Loads]:
    found = Loads(tmp_path, demo_server)
    found.open_month_files = 50
    yield found
    found.stop()


def write_export(folder: Path) -> None:
    given = ["--from", to_the_second(FROM), "--until", to_the_second(LATER), "--size", SIZE, "--playlists", PLAYLISTS]
    command = [sys.executable, "-m", "pipelines.demo", "export", folder, *given]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)


def test_runs_and_imports_that_were_killed_leave_each_play_once(
    loads: Loads, demo_server: DemoServer, warehouse: Warehouse
) -> None:
    assert loads.load(to_the_second(FIRST))["exit"] == 0
    demo_server.clock(now=to_the_second(LATER))
    assert loads.load(to_the_second(LATER), r"open /lake/spotify/recently_played/", 0)["exit"] == -9
    write_export(loads.data / "imports")
    assert loads.load(to_the_second(LATER), r"open /lake/streaming_history/streams/", 0)["exit"] == -9
    assert loads.load(to_the_second(LATER), r"open /lake/streaming_history/_dlt_loads/", 0)["exit"] == -9
    assert loads.load(to_the_second(LATER))["exit"] == 0
    build_plays(warehouse, loads.data / "lake")

    world = World(Options(LATER, size=SIZE, playlists=PLAYLISTS))
    polled = {play.ended_at: play for play in shown(world, (FIRST, LATER))}
    exported = {play.ended_at: play for play in heard(world, FROM, LATER)}
    told = [
        Told(play, (GENERATIONS["G6"],) if end in exported else (), is_polled=end in polled)
        for end, play in (polled | exported).items()
    ]
    found = compare(world, told, rows_of(warehouse.rows(QUESTION)))
    assert found.told > 100
    assert found.faults() == {}, (found.lost, found.twice, found.unknown)
