"""The order of loads does not depend on the clock of the machine, which can be wrong after a power cut."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import dlt.common.time
import pytest
from dlt.common.storages.load_package import create_load_id

from orchestration.lake_lock import lake_lock
from pipelines.http.errors import Locked
from pipelines.http.rate_limits import RateLimitLocks
from pipelines.lake import manifest
from pipelines.lake.clock import behind_spotify, load_ids_after, may_load, time_of_load
from tests.account import Account, new_rows, report

NOW = dt.datetime(2026, 11, 2, 8)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def account(copied_account: Account) -> Account:
    return copied_account


@pytest.fixture
def clock_is_wrong_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock from which dlt makes load ids, in seconds from now."""

    def wrong_by(seconds: float) -> None:
        monkeypatch.setattr(dlt.common.time, "precise_time", lambda: time.time() + seconds)
        monkeypatch.setattr(dlt.common.time.increasing_precise_time, "_last", time.time() + seconds)

    return wrong_by


def test_load_ids_are_greater_than_all_ids_of_the_lake() -> None:
    lasts = ["1600000000.5", "2090000000.25", f"{time.time() + 7200}"]
    with load_ids_after(lasts):
        ids = [create_load_id() for _ in range(3)]
    assert max(lasts) < ids[0] < ids[1] < ids[2]
    assert float(create_load_id()) < time.time() + 60


def test_a_right_clock_gives_the_time_of_a_load() -> None:
    assert time_of_load(NOW, None) == (NOW, [])
    assert time_of_load(NOW, NOW) == (NOW, [])
    assert time_of_load(NOW, NOW - HOUR) == (NOW, [])


def test_a_clock_behind_the_last_load_is_reported_and_not_used() -> None:
    moment, [warning] = time_of_load(NOW - 3 * HOUR, NOW)
    assert moment == NOW + dt.timedelta(milliseconds=1)
    assert "clock says 2026-11-02 05:00 UTC, and the last load is from 2026-11-02 08:00 UTC: set the clock" in warning


def test_a_last_load_in_the_far_future_is_reported_and_the_clock_is_used() -> None:
    moment, [warning] = time_of_load(NOW, NOW.replace(year=2036))
    assert moment == NOW
    assert "one of the two clocks was wrong" in warning
    assert time_of_load(NOW + HOUR, moment) == (NOW + HOUR, [])


def test_a_play_after_now_means_that_the_clock_is_behind() -> None:
    assert behind_spotify(NOW, None) == []
    assert behind_spotify(NOW, NOW + dt.timedelta(minutes=1)) == []
    [warning] = behind_spotify(NOW, NOW + 3 * HOUR)
    assert "Spotify names a play of 2026-11-02 11:00 UTC: set the clock" in warning


@pytest.mark.parametrize(
    ("base", "newest", "own", "is_current"),
    [
        ("5", "5", [], True),
        ("5", "6", [], False),
        ("5", "6", ["6"], True),
        ("", "", [], True),
        (None, "6", [], True),
        (None, "8", [], False),
    ],
)
def test_a_pending_package_goes_on_from_the_newest_load_or_is_dropped(
    base: str | None, newest: str, own: list[str], is_current: bool
) -> None:
    assert may_load(["7"], base, newest, own) is is_current


def test_the_rows_of_a_load_get_the_time_of_the_last_one_when_the_clock_is_behind(account: Account) -> None:
    account.lake.write_json(manifest.LAST_RUN, {"read_at": NOW.isoformat()})
    with lake_lock(account.settings.model_copy(update={"now": NOW - HOUR}), "extract") as lock:
        assert lock.settings.now == lock.record.read_at == NOW + dt.timedelta(milliseconds=1)
        assert len(lock.record.warnings) == 1


@pytest.mark.parametrize("wrong_by", [-3 * 3600.0, 10 * 366 * 86400.0])
def test_after_a_load_with_a_wrong_clock_the_newest_load_wins(
    account: Account, clock_is_wrong_by: Callable[[float], None], wrong_by: float
) -> None:
    clock_is_wrong_by(wrong_by)
    saved = account.demo_server.mutate("save")
    account.load()
    clock_is_wrong_by(0)
    account.demo_server.mutate("unsave", id=saved["id"])
    loaded = account.load()
    assert report(loaded, "saved_tracks").rows_removed == 1
    assert f"spotify:track:{saved['id']}" not in account.current_keys("saved_tracks")
    ids = [row["_dlt_load_id"] for row in account.rows("saved_tracks", f"track_id = '{saved['id']}'")]
    assert ids == sorted(ids)
    account.moves_to_another_machine()
    assert new_rows(account.load()) == {}


def test_lists_are_read_again_after_a_complete_read_in_the_future(account: Account) -> None:
    account.load(now=NOW.replace(year=2036), full=True)
    loaded = account.load(now=NOW + 2 * HOUR)
    assert report(loaded, "saved_albums").outcome == "read"
    assert report(account.load(now=NOW + 3 * HOUR), "saved_albums").outcome == "not due"


def test_a_lock_that_was_made_in_the_future_ends() -> None:
    state: dict[str, object] = {}
    locks = RateLimitLocks(state)
    locks.close("me/tracks", NOW.replace(year=2036), Locked("locked", 600))
    assert locks.not_before("me/tracks", NOW) == NOW + dt.timedelta(minutes=10)
    assert locks.not_before("me/tracks", NOW + HOUR) is None


def test_plays_of_a_load_with_a_slow_clock_are_not_appended_twice(
    account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fresh = Account(account.demo_server, tmp_path / "fresh")
    server_now = dt.datetime.fromisoformat(fresh.demo_server.clock()).timestamp()
    for wrong_by in (-6 * 86400, 60):
        monkeypatch.setattr(dlt.common.time, "precise_time", lambda moment=server_now + wrong_by: moment)
        monkeypatch.setattr(dlt.common.time.increasing_precise_time, "_last", 0.0)
        loaded = fresh.load()
    assert new_rows(loaded) == {}
