"""A run killed between any two requests to S3, then run again here or on a fresh machine, leaves the same rows."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.lake import lease
from pipelines.lake.store import Lake
from tests.kills.loader import Point
from tests.kills.loads import Loads, Rows, count_fitting, rows_of
from tests.simulators.aws.server import LAKE_URL, Cloud, serving
from tests.simulators.spotify.demo_server import DemoServer

SPREAD = 16
CHANGING = r"^s3\.(?!Get|Head|List)"


class CloudLoads(Loads):
    """The same program with its lake on S3."""

    def __init__(self, folder: Path, demo_server: DemoServer, cloud: Cloud) -> None:
        super().__init__(folder, demo_server, **cloud.environment, LAKE_URL=LAKE_URL)
        self.cloud = cloud
        self.objects: dict[str, dict[str, bytes]] = {}

    def save(self, name: str) -> None:
        super().save(name)
        self.objects[name] = self.cloud.objects()

    def restore(self, name: str) -> None:
        super().restore(name)
        self.cloud.put(self.objects[name])

    def lose_machine(self) -> None:
        """Another comes later, when the lock of the dead run has ended by itself."""
        super().lose_machine()
        self.cloud.age("lake/.lock", lease.LEASE_S)

    def contents(self) -> bytes:
        return super().contents() + repr(self.cloud.objects()).encode()

    def rows(self) -> Rows:
        """Asked of a copy: no request is needed for it."""
        copy = self.data.with_name("copy")
        shutil.rmtree(copy, ignore_errors=True)
        self.cloud.copy(copy)
        return rows_of(Lake(str(copy / "lake")))


@pytest.fixture(scope="module")
def loads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CloudLoads, str]]:
    """A lake with two hours of runs behind it, and the moment of the run that is to be killed.

    That run has new plays and a new saved track, so it makes every kind of change: rows, state, records of loads and
    compacted files of several tables, and the lock. More tables would only repeat them.
    """
    with (
        serving() as cloud,
        DemoServer(size=120, playlists=6, playlist_items=20, now="2026-11-02T08:00:00Z") as demo_server,
    ):
        loads = CloudLoads(tmp_path_factory.mktemp("kills"), demo_server, cloud)
        now = "2026-11-02T08:00:00Z"
        for _ in range(2):
            assert loads.load(now)["exit"] == 0
            now = demo_server.clock(hours=1)
        demo_server.mutate("play")
        demo_server.mutate("save")
        loads.save("start")
        yield loads, now
        loads.stop()


@pytest.fixture(scope="module")
def unkilled(loads: tuple[CloudLoads, str]) -> tuple[dict[str, Any], Rows]:
    program, now = loads
    program.restore("start")
    done = program.load(now)
    assert done["exit"] == 0
    return done, program.rows()


@pytest.fixture(scope="module")
def killed(loads: tuple[CloudLoads, str], unkilled: tuple[dict[str, Any], Rows]) -> dict[str, list[Point]]:
    """What killed runs leave, and the requests before which they are killed.

    Reads change nothing: the points between two changes are all the same.
    """
    program, now = loads
    changes = count_fitting(CHANGING, unkilled[0]["calls"])
    chosen = {(CHANGING, nth) for nth in range(0, changes, max(changes // SPREAD, 1))}
    assert len(chosen) >= SPREAD
    return program.save_kills(now, chosen)


@pytest.mark.parametrize("machine", ["same", "fresh"])
def test_a_run_killed_between_two_requests_is_healed_by_the_next(
    loads: tuple[CloudLoads, str],
    unkilled: tuple[dict[str, Any], Rows],
    killed: dict[str, list[Point]],
    machine: str,
) -> None:
    program, now = loads
    rows = unkilled[1]
    wrong = []
    for name, points in killed.items():
        program.restore(name)
        if machine == "fresh":
            program.lose_machine()
        again = program.load(now)
        differing = [table for table, found in program.rows().items() if found != rows[table]]
        if again["exit"] or differing:
            wrong.append(f"killed before {points}: exit {again['exit']}, other rows in {differing}")
    assert not wrong, "\n".join(wrong)
