"""A run killed before any file call, then run again, leaves the rows that an unkilled run leaves."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pytest

from pipelines.lake.store import Lake
from pipelines.settings import ROOT
from pipelines.spotify.tables import TABLES
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

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
START = "2026-11-02T08:00:00Z"
Rows = dict[str, set[str]]


class Loads:
    """A folder with a lake, a program that loads into it, and copies of both to begin from again."""

    open_month_files = 1  # so that every run folds too
    wishes: ClassVar[dict[str, Any]] = {}

    def __init__(self, folder: Path, demo_server: DemoServer, **environment: str) -> None:
        self.data, self.saved = folder / "data", folder / "saved"
        self.killed: dict[tuple[str, int], str] = {}
        self.data.mkdir()
        self.environment = {
            "HOME": str(folder),
            "SPOTIFY_CLIENT_ID": CLIENT_ID,
            "SPOTIFY_REFRESH_TOKEN": REFRESH_TOKEN,
            "SPOTIFY_API_URL": demo_server.api_url,
            "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
            "LAKE_URL": str(self.data / "lake"),
            "DUCKDB_PATH": str(self.data / "spotify.duckdb"),
            "WORK_DIR": str(self.data),
        } | environment
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.loader"],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        elsewhere = {name: str(folder / "warm") for name in ("LAKE_URL", "DUCKDB_PATH", "WORK_DIR")}
        self._say({"now": START.removesuffix("Z"), "environment": self.environment | elsewhere})

    def _say(self, wish: dict[str, Any]) -> None:
        assert self.program.stdin
        self.program.stdin.write(json.dumps(wish) + "\n")
        self.program.stdin.flush()

    def load(self, now: str, window: str = "", nth: int = -1, load_id: str = "") -> dict[str, Any]:
        assert self.program.stdout
        wish = {"now": now.removesuffix("Z"), "window": window, "nth": nth, "load_id": load_id} | self.wishes
        self._say(wish | {"files": self.open_month_files, "environment": self.environment})
        return dict(json.loads(self.program.stdout.readline()))

    def kill(self, now: str, window: str, nth: int) -> None:
        """Leave what a run leaves that is killed before this call. A second request restores what the first left."""
        if (window, nth) in self.killed:
            self.restore(self.killed[window, nth])
            return
        self.restore("start")
        assert self.load(now, window, nth)["exit"] == -9, f"no call fits {window!r} number {nth}"
        self.killed[window, nth] = f"kill {len(self.killed)}"
        self.save(self.killed[window, nth])

    def save(self, name: str) -> None:
        shutil.copytree(self.data, self.saved / name)

    def restore(self, name: str) -> None:
        shutil.rmtree(self.data)
        shutil.copytree(self.saved / name, self.data)

    def lose_machine(self) -> None:
        shutil.rmtree(self.data / "dlt")

    def rows(self) -> Rows:
        return rows_of(Lake(self.environment["LAKE_URL"]))

    def stop(self) -> None:
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.close()
        self.program.stdout.close()
        self.program.wait()


def rows_of(lake: Lake) -> Rows:
    """What completed loads hold, without dlt's own columns: staging keeps one of each."""
    completed = sorted(lake.dataset("spotify").completed())
    found: Rows = {}
    for name in TABLES.keys() - {"resource_runs"}:
        read = "read_parquet(?, union_by_name = true, hive_partitioning = false)"
        query = f"select * exclude (_dlt_id, _dlt_load_id) from {read}"
        where = "where _dlt_load_id in (select unnest(?))"
        files = lake.dataset("spotify").files(name)
        rows = duckdb.execute(f"{query} {where}", [files, completed]).fetchall() if files else []
        found[name] = {repr(row) for row in rows}
    return found


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


@pytest.mark.parametrize("machine", ["same", "fresh"])
def test_a_run_killed_before_any_chosen_file_call_is_healed_by_the_next(
    loads: tuple[Loads, str], unkilled: tuple[list[str], Rows], machine: str
) -> None:
    program, now = loads
    calls, rows = unkilled
    fitting = {window: sum(bool(re.search(window, call)) for call in calls) for window in WINDOWS}
    chosen = {(window, nth) for window, count in fitting.items() for nth in (0, max(count - 1, 0))}
    # Threads race, so the last calls of a run are not the same number of calls from its beginning every time.
    chosen |= {("", nth) for nth in range(0, len(calls) - 10, len(calls) // SPREAD)}
    wrong, killed = [], 0
    for window, nth in sorted(chosen):
        program.kill(now, window, nth)
        killed += 1
        if machine == "fresh":
            program.lose_machine()
        again = program.load(now)
        differing = [name for name, found in program.rows().items() if found != rows[name]]
        if again["exit"] or differing:
            wrong.append(f"killed before {window!r} {nth}: exit {again['exit']}, other rows in {differing}")
    assert not wrong, "\n".join(wrong)
    assert killed >= 30


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
