"""An evening with polls between the hourly runs gives the same marts as the hourly runs alone."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from orchestration.follow.poll import Session, poll
from orchestration.run import build, extract, register
from pipelines.lake.compact import OPEN_MONTH_FILES
from tests.account import Account
from tests.simulators.spotify.demo_server import DemoServer

TABLES = ("fct_plays", "fct_coverage_days", "fct_play_gaps", "dim_tracks", "listening_by_day", "sessions")
EVERY = 4
HOURS = 2


@pytest.mark.slow
def test_polls_change_no_mart_and_leave_few_files(tmp_path: Path) -> None:
    with DemoServer(size=20, playlists=0, now="2026-11-02T16:50:00Z") as server:
        polled, hourly = Account(server, tmp_path / "polled"), Account(server, tmp_path / "hourly")
        session = Session()
        news = 0
        for minute in range(0, HOURS * 60 + 1, EVERY):
            now = dt.datetime.fromisoformat(server.clock(minutes=EVERY)).replace(tzinfo=None)
            server.mutate("play", played_at=f"{(now - dt.timedelta(minutes=1)).isoformat()}Z")
            news += poll(polled.settings, now, session).is_new
            if minute % 60 == 0:
                for account in (polled, hourly):
                    extract(account.settings.model_copy(update={"now": now}))
        assert news > 15
        for account in (polled, hourly):
            register(account.settings)
            assert build(account.settings).exit_code == 0
    with duckdb.connect() as db:
        for name, account in (("a", polled), ("b", hourly)):
            db.execute(f"attach '{account.settings.duckdb_path}' as {name} (read_only)")
        for table in TABLES:
            for one, other in (("a", "b"), ("b", "a")):
                rows = db.execute(f"from {one}.marts.{table} except all from {other}.marts.{table}").fetchall()
                assert rows == [], table
    for folder in polled.dataset.iterdir():
        assert len(list(folder.rglob("*.parquet"))) <= OPEN_MONTH_FILES
