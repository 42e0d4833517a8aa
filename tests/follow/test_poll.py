"""A poll on the demo account: what it requests, what it stores, and what makes it wait."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from orchestration.follow.poll import PollResult, Session, poll
from orchestration.lake_lock import lake_lock
from orchestration.run import extract
from pipelines.lake import damage, manifest
from pipelines.lake.lock import locked
from tests.account import Account
from tests.simulators.spotify.demo_server import DemoServer

PLAYS = "me/player/recently-played"
RATE = {"error": {"status": 429, "message": "API rate limit exceeded"}}


class Followed(Account):
    """An account that was read once and is polled from then on."""

    session = Session()

    def now(self, **move: Any) -> dt.datetime:
        return dt.datetime.fromisoformat(self.demo_server.clock(**move)).replace(tzinfo=None)

    def poll(self, **move: Any) -> PollResult:
        now = self.now(**(move or {"minutes": 40}))
        self.demo_server.forget_requests()
        return poll(self.settings, now, self.session)

    def extract(self) -> None:
        extract(self.settings.model_copy(update={"now": self.now(minutes=1)}))

    def play(self) -> None:
        """A play that ends now."""
        self.demo_server.mutate("play", played_at=f"{self.now(minutes=40).isoformat()}Z")

    def files(self) -> dict[str, int]:
        root = Path(self.lake.root)
        changing = {root / ".lock", root / manifest.LAST_POLL}
        return {str(file): file.stat().st_mtime_ns for file in root.rglob("*") if file.is_file()} | dict.fromkeys(
            map(str, changing), 0
        )


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    # In the night the demo listener plays nothing.
    with DemoServer(size=20, playlists=0, now="2026-11-03T00:30:00Z") as server:
        account = Followed(server, tmp_path)
        account.session = Session()
        account.extract()
        assert account.poll().outcome == "read"
        yield account


def test_a_poll_without_a_new_play_makes_one_request_and_writes_its_record_only(followed: Followed) -> None:
    before = followed.files()
    found = followed.poll()
    assert (found.outcome, found.new_plays, followed.asked()) == ("read", 0, {PLAYS: 1})
    assert followed.files() == before


def test_a_poll_stores_a_new_play_and_says_that_it_read(followed: Followed) -> None:
    plays, runs = len(followed.rows("recently_played")), len(followed.rows("resource_runs"))
    followed.play()
    found = followed.poll(seconds=1)
    assert (found.new_plays, found.is_new, followed.asked()) == (1, True, {PLAYS: 1})
    assert len(followed.rows("recently_played")) == plays + 1
    told = followed.rows("resource_runs")[runs:]
    assert [(row["resource"], row["outcome"], row["rows_new"]) for row in told] == [("recently_played", "read", 1)]
    followed.extract()
    assert len(followed.rows("recently_played")) == plays + 1


def test_a_poll_before_the_next_is_due_makes_no_request(followed: Followed) -> None:
    assert followed.poll(minutes=2).outcome == "not due"
    assert followed.asked() == {}


def test_a_run_that_read_the_plays_makes_a_poll_needless(followed: Followed) -> None:
    followed.now(minutes=35)
    followed.extract()
    assert followed.poll(minutes=5).outcome == "not due"


def test_a_run_that_holds_the_lake_makes_the_poll_skip(followed: Followed) -> None:
    with locked(Path(followed.lake.root), "extract"):
        found = followed.poll()
    assert (found.outcome, followed.asked()) == ("busy", {})
    assert "`extract`" in found.reason


def test_a_run_waits_for_a_poll_that_is_under_way(followed: Followed) -> None:
    with ExitStack() as stack:
        stack.enter_context(locked(Path(followed.lake.root), "poll"))
        threading.Timer(0.5, stack.pop_all().close).start()
        with lake_lock(followed.settings, "extract"):
            pass
    with locked(Path(followed.lake.root), "poll"):
        assert followed.poll().outcome == "busy"


def test_a_gap_that_a_poll_finds_is_recorded_once(followed: Followed) -> None:
    for _ in range(60):
        followed.demo_server.mutate("play", played_at=f"{followed.now(minutes=1).isoformat()}Z")
    found = followed.poll(minutes=1)
    assert found.new_plays >= 50
    assert len(followed.rows("resource_runs", "gap_from is not null")) == 1
    followed.extract()
    assert len(followed.rows("resource_runs", "gap_from is not null")) == 1


def test_a_lock_that_a_poll_meets_holds_for_runs_too(followed: Followed) -> None:
    followed.demo_server.fault(f"/v1/{PLAYS}", status=429, times=1, body=RATE, headers={"Retry-After": "7200"})
    found = followed.poll()
    assert (found.outcome, followed.asked()) == ("paused", {PLAYS: 1})
    followed.demo_server.forget_requests()
    followed.extract()
    assert PLAYS not in followed.asked()
    assert followed.poll().outcome == "paused"
    assert followed.asked() == {}
    assert followed.poll(hours=2).outcome == "read"


def test_a_lock_of_any_resource_makes_polls_pause(followed: Followed) -> None:
    followed.demo_server.fault("/v1/me/tracks", status=429, times=1, body=RATE, headers={"Retry-After": "7200"})
    followed.extract()
    assert followed.poll().outcome == "paused"
    assert followed.asked() == {}


def test_a_poll_does_not_wait_when_spotify_asks_for_it(followed: Followed, waits: list[float]) -> None:
    followed.demo_server.fault(f"/v1/{PLAYS}", status=429, times=1, body=RATE, headers={"Retry-After": "30"})
    found = followed.poll()
    assert (found.outcome, found.reason, waits) == ("failed", "Spotify asks to wait 30 s", [])
    assert followed.poll(minutes=20).outcome == "paused"
    assert followed.poll(minutes=20).outcome == "read"


def test_an_error_of_the_server_costs_one_request(followed: Followed) -> None:
    followed.demo_server.fault(f"/v1/{PLAYS}", status=503, times=9)
    assert followed.poll().outcome == "failed"
    assert followed.asked() == {PLAYS: 1}


def test_a_refusal_makes_polls_wait_for_a_run(followed: Followed) -> None:
    followed.demo_server.fault(f"/v1/{PLAYS}", status=403, times=1)
    assert followed.poll().outcome == "paused"
    assert followed.poll(hours=20).outcome == "paused"
    followed.extract()
    assert followed.poll().outcome == "read"


def test_polls_of_one_process_share_a_token(followed: Followed) -> None:
    assert followed.poll(minutes=35).outcome == "read"
    assert [route for route in followed.demo_server.requests() if "token" in route] == []


def test_the_profile_is_read_once_for_each_login(followed: Followed) -> None:
    record = followed.lake.read_json(manifest.LAST_POLL) or {}
    followed.lake.write_json(manifest.LAST_POLL, record | {"account": "of another login"})
    assert followed.poll(minutes=35).outcome == "read"
    assert followed.asked() == {PLAYS: 1, "me": 1}
    assert followed.poll(minutes=2).outcome == "not due"


def test_a_poll_before_the_first_run_makes_no_request(tmp_path: Path, demo_server: DemoServer) -> None:
    account = Followed(demo_server, tmp_path)
    assert account.poll().outcome == "paused"
    assert account.asked() == {}


def test_a_poll_does_not_say_that_damaged_rows_were_read_again(followed: Followed) -> None:
    followed.lake.write_json(damage.RECORD, {"files": [damaged("spotify/albums/load_month=2026-11/1.2.3.parquet")]})
    followed.play()
    assert followed.poll(seconds=1).is_new
    assert damage.missing_rows(followed.lake)


def damaged(file: str) -> dict[str, Any]:
    return {"file": file, "bytes": 1, "loads_after": None, "loads_until": "x", "is_read_again": False}
