"""Loads that are killed at a chosen call, and copies of what they leave."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from pipelines.lake.store import Lake
from pipelines.settings import ROOT
from pipelines.spotify.tables import TABLES
from tests.kills.loader import Point
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

START = "2026-11-02T08:00:00Z"
Rows = dict[str, set[str]]


class Loads:
    """A folder with a lake, a program that loads into it, and copies of both to begin from again."""

    open_month_files = 1  # so that every run folds too
    wishes: ClassVar[dict[str, Any]] = {}

    def __init__(self, folder: Path, demo_server: DemoServer, **environment: str) -> None:
        self.data, self.saved = folder / "data", folder / "saved"
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

    def _answer(self) -> dict[str, Any]:
        assert self.program.stdout
        return dict(json.loads(self.program.stdout.readline()))

    def load(
        self, now: str, window: str = "", nth: int = -1, load_id: str = "", pauses: Iterable[Point] = ()
    ) -> dict[str, Any]:
        wish = {"now": now.removesuffix("Z"), "window": window, "nth": nth, "load_id": load_id} | self.wishes
        self._say(wish | {"pauses": list(pauses), "files": self.open_month_files, "environment": self.environment})
        return self._answer()

    def kill(self, now: str, window: str, nth: int) -> None:
        """Leave what a run leaves that is killed before this call."""
        self.restore("start")
        assert self.load(now, window, nth)["exit"] == -9, f"no call fits {window!r} number {nth}"

    def save_kills(self, now: str, points: set[Point]) -> dict[str, list[Point]]:
        """Save what a run leaves that is killed before these calls, by the name that `restore` takes.

        One run is enough: it stops before each call, and its files are copied. Points that leave the same files share
        one copy.
        """
        self.restore("start")
        names: dict[bytes, str] = {}
        saved: defaultdict[str, list[Point]] = defaultdict(list)
        answer = self.load(now, pauses=sorted(points))
        while "exit" not in answer:
            *done, call = answer["calls"]
            here = [(w, n) for w, n in points if re.search(w, call) and count_fitting(w, done) == n]
            files = self.contents()
            if files not in names:
                names[files] = f"kill {len(names)}"
                self.save(names[files])
            saved[names[files]] += here
            self._say({})
            answer = self._answer()
        assert answer["exit"] == 0
        missed = points.difference(*saved.values())
        assert not missed, f"no call fits {missed}"
        return saved

    def save(self, name: str) -> None:
        shutil.copytree(self.data, self.saved / name)

    def restore(self, name: str) -> None:
        shutil.rmtree(self.data)
        shutil.copytree(self.saved / name, self.data)

    def lose_machine(self) -> None:
        shutil.rmtree(self.data / "dlt")

    def contents(self) -> bytes:
        """Equal when all files are equal."""
        found = blake2b()
        for file in sorted(self.data.rglob("*")):
            found.update(str(file).encode() + (file.read_bytes() if file.is_file() else b""))
        return found.digest()

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


def count_fitting(window: str, calls: Iterable[str]) -> int:
    return sum(bool(re.search(window, call)) for call in calls)
