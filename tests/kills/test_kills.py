"""A run killed before any file call, then run again, leaves the rows that an unkilled run leaves."""

from collections.abc import Iterator

import pytest

from tests.kills.loader import Point
from tests.kills.loads import Loads, Rows, count_fitting
from tests.simulators.spotify.demo_server import DemoServer

# Where a kill has been seen to cost something: the first and the last call that fit are tried, whatever else is.
WINDOWS = (
    r"-> .*/normalize/extracted/",
    r"rename .*/load/new/.* -> .*/load/normalized/",
    r"os\.\w+ /dlt/\w+/spotify/normalize/extracted/",
    r"-> .*/spotify/state\.json$",
    r"open /lake/.*\.parquet$",
    r"_dlt_pipeline_state/",
    r"open /lake/spotify/_dlt_loads/",
    r"-> .*package_completed\.json$",
    r"-> .*/load/loaded/",
    r"-> .*\.compacted\.parquet$",
    r"os\.remove /lake/.*\.parquet$",
    r"os\.remove /lake/spotify/_dlt_loads/",
)
SPREAD = 20


@pytest.fixture(scope="module")
def loads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loads, str]]:
    """A lake with two hours of runs behind it, and the moment of the run that is to be killed."""
    with DemoServer(size=120, playlists=6, playlist_items=20, now="2026-11-02T08:00:00Z") as demo_server:
        loads = Loads(tmp_path_factory.mktemp("kills"), demo_server)
        now = "2026-11-02T08:00:00Z"
        for _ in range(2):
            assert loads.load(now)["exit"] == 0
            now = demo_server.clock(hours=1)
        now = demo_server.clock(days=1)
        loads.save("start")
        yield loads, now
        loads.stop()


@pytest.fixture(scope="module")
def unkilled(loads: tuple[Loads, str]) -> tuple[list[str], Rows]:
    """The file calls of a run that nobody kills, and what it leaves."""
    program, now = loads
    program.restore("start")
    done = program.load(now)
    assert done["exit"] == 0
    return done["calls"], program.rows()


@pytest.fixture(scope="module")
def killed(loads: tuple[Loads, str], unkilled: tuple[list[str], Rows]) -> dict[str, list[Point]]:
    """What killed runs leave, and the calls before which they are killed."""
    program, now = loads
    calls, _ = unkilled
    chosen = {(window, nth) for window in WINDOWS for nth in (0, max(count_fitting(window, calls) - 1, 0))}
    # Threads race, so the last calls of a run are not the same number of calls from its beginning every time.
    chosen |= {("", nth) for nth in range(0, len(calls) - 10, len(calls) // SPREAD)}
    assert len(chosen) >= 30
    return program.save_kills(now, chosen)


@pytest.mark.parametrize("machine", ["same", "fresh"])
def test_a_run_killed_before_any_chosen_file_call_is_healed_by_the_next(
    loads: tuple[Loads, str], unkilled: tuple[list[str], Rows], killed: dict[str, list[Point]], machine: str
) -> None:
    program, now = loads
    rows = unkilled[1]
    wrong, healed = [], set()
    for name, points in killed.items():
        program.restore(name)
        if machine == "fresh":
            program.lose_machine()
        if (files := program.contents()) in healed:
            continue
        healed.add(files)
        again = program.load(now)
        differing = [table for table, found in program.rows().items() if found != rows[table]]
        if again["exit"] or differing:
            wrong.append(f"killed before {points}: exit {again['exit']}, other rows in {differing}")
    assert not wrong, "\n".join(wrong)


def test_a_run_that_is_healed_has_nothing_left_to_read(
    loads: tuple[Loads, str], unkilled: tuple[list[str], Rows]
) -> None:
    program, now = loads
    calls, rows = unkilled
    program.restore("start")
    program.load(now, nth=len(calls) // 2)
    program.load(now)
    program.load(now)
    assert program.rows() == rows


def test_a_run_killed_after_it_has_read_the_plays_has_them_in_the_lake(
    loads: tuple[Loads, str], unkilled: tuple[list[str], Rows]
) -> None:
    program, now = loads
    rows = unkilled[1]
    program.restore("start")
    plays_before = program.rows()["recently_played"]
    # The first extracted package holds the plays, the second everything else.
    program.kill(now, r"-> .*/normalize/extracted/", 1)
    assert program.rows()["recently_played"] == rows["recently_played"] > plays_before
    assert program.rows()["playlists"] != rows["playlists"]
