"""When the items of a playlist are requested again after a read that brought nothing. Without a server."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipelines.http.errors import Refused
from pipelines.lake.source import ResourceReport
from pipelines.raw.changes import ChangeFilter, StateRowHashes
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.rows.element import Json
from pipelines.spotify.run import Run
from pipelines.spotify.sync.read import read_resource
from pipelines.spotify.sync.reader import ParentsRead
from pipelines.spotify.tables import TABLES

ITEMS = next(resource for resource in RESOURCES if resource.name == "playlist_items")
WHEN = dt.datetime(2026, 11, 2, 8)


@dataclass
class Playlist:
    owner: str = "listener"
    items: list[str] = field(default_factory=lambda: ["a", "b", "c"])
    counted: int | None = None
    """How many items the list of playlists counts; None when it counts the items that there are."""
    snapshot: str = "s1"
    refusals: int = 0
    moves: bool = False
    """Every look at the list of playlists finds a new snapshot."""


class Playlists:
    """A Web API of playlists that is read in several runs with one state, as dlt keeps it."""

    def __init__(self, **playlists: Playlist) -> None:
        self.playlists = playlists
        self.asked: list[str] = []
        self.budget = type("Budget", (), {"by_resource": {"playlist_items": 0}})()
        self.tokens = type("Tokens", (), {"scope": None})()
        self.state: dict[str, Any] = {}
        self.hashes: dict[str, dict[str, str]] = {}
        self.now = WHEN
        self.rows: list[Json] = []
        self.outcomes: list[Json] = []
        self.warned: list[ResourceReport] = []

    def get(self, path: str, limit: int = 50, offset: int = 0, **_: Any) -> Json:
        playlist = path.split("/")[1]
        self.asked.append(playlist)
        found = self.playlists[playlist]
        if found.refusals:
            found.refusals -= 1
            raise Refused(f"{path}: 404 Resource not found", 404)
        page = [{"item": {"uri": f"spotify:track:{key}", "type": "track"}} for key in found.items]
        return {"items": page[offset : offset + limit], "total": len(page), "next": None}

    def listed(self) -> ParentsRead:
        elements = []
        for name, found in self.playlists.items():
            snapshot = f"{found.snapshot}{self.now:%d%H%M}" if found.moves else found.snapshot
            total = len(found.items) if found.counted is None else found.counted
            elements.append(
                {"id": name, "snapshot_id": snapshot, "owner": {"id": found.owner}, "items": {"total": total}}
            )
        return ParentsRead(elements, True)

    def run(self, hours: float = 1) -> ResourceReport:
        """One run, some hours after the last."""
        self.now += dt.timedelta(hours=hours)
        self.asked.clear()
        self.rows.clear()
        self.outcomes.clear()
        changes = ChangeFilter(TABLES, StateRowHashes(lambda: self.hashes), self.now)
        profile = {"id": "listener"}
        run = Run(self, changes, self.now, on_stop=self.warned.append, _profile=profile)  # type: ignore[arg-type]
        for batch in read_resource(ITEMS, run, self.state, {}, self.listed()):
            assert isinstance(batch, dict)
            self.rows += batch.get("playlist_items", ())
            self.outcomes += batch.get("playlist_snapshots", ())
        return run.reports[0]

    def hours_asked(self, days: int) -> list[int]:
        """The hours, from now on, in which hourly runs requested something."""
        found = []
        for hour in range(24 * days):
            self.run()
            found += [hour] * len(self.asked)
        return found


def test_a_playlist_of_the_listener_that_is_refused_once_is_read_in_the_same_run() -> None:
    account = Playlists(mine=Playlist(refusals=1), other=Playlist())
    assert account.run().outcome == "read"
    assert account.asked == ["mine", "other", "mine"]
    assert {row["playlist_id"] for row in account.rows} == {"mine", "other"}


def test_a_playlist_of_the_listener_that_stays_refused_is_requested_in_growing_pauses() -> None:
    account = Playlists(mine=Playlist(refusals=1000))
    report = account.run()
    assert report.reason == "Spotify hides the items of 1 playlists; requested again after a pause"
    assert account.hours_asked(14) == [0, 1, 7, 31, 103, 271]
    account.playlists["mine"].refusals = 0
    account.run(hours=7 * 24)
    assert len(account.rows) == 3


def test_a_refused_playlist_that_the_listener_edits_is_requested_at_once() -> None:
    account = Playlists(mine=Playlist(refusals=4))
    for _ in range(3):
        account.run()
    account.run()
    assert account.asked == []
    account.playlists["mine"].snapshot = "s2"
    account.run()
    assert len(account.rows) == 3


def test_thirty_hidden_playlists_whose_snapshot_moves_cost_and_add_nothing() -> None:
    hidden = {f"spotify{n}": Playlist("spotify", refusals=9999, moves=True) for n in range(30)}
    account = Playlists(**hidden)
    account.run()
    assert (len(account.asked), len(account.outcomes)) == (30, 30)
    for _ in range(5):
        assert account.run().outcome == "not due"
        assert account.asked == []
    asked = account.hours_asked(30)
    assert sorted(set(asked)) == [0, 24, 96, 264, 432, 600]
    assert len(account.hashes["playlist_snapshots"]) == 30
    assert account.outcomes == []


def test_a_shown_playlist_of_others_whose_snapshot_moves_is_read_once_a_day_and_adds_nothing() -> None:
    account = Playlists(followed=Playlist("friend", moves=True))
    account.run()
    account.run()
    assert (account.asked, account.rows, account.outcomes) == (["followed"], [], [])
    assert account.hours_asked(4) == [0, 6, 30, 54, 78]
    account.playlists["followed"].items.append("d")
    account.run()
    assert [row["position"] for row in account.rows] == [0, 1, 2, 3]


def test_items_that_lag_behind_the_list_of_playlists_are_not_stored_and_read_again() -> None:
    account = Playlists(mine=Playlist())
    account.run()
    mine = account.playlists["mine"]
    mine.snapshot, mine.counted = "s2", 5
    report = account.run()
    assert (report.outcome, account.rows) == ("unfinished", [])
    assert [row["outcome"] for row in account.outcomes] == ["unfinished"]
    assert "1 playlists are not complete (Spotify sent 3 rows, and its list of lists counts 5)" in str(report.reason)
    assert account.asked == ["mine", "mine"]
    assert [each.outcome for each in account.warned] == ["unfinished"]
    mine.items += ["d", "e"]
    assert account.run().outcome == "read"
    assert [row["snapshot_id"] for row in account.rows] == ["s2"] * 5
    assert [row["outcome"] for row in account.outcomes] == ["read"]


def test_items_that_change_under_one_snapshot_get_rows_of_their_own() -> None:
    account = Playlists(mine=Playlist())
    account.run()
    account.playlists["mine"].items = ["x", "y"]
    for number in (2, 3):
        account.run()
        assert [row["snapshot_id"] for row in account.rows] == [f"s1~{number}"] * number
        assert account.outcomes[0]["items_total"] == number
        account.playlists["mine"].items.append("z")


@pytest.mark.parametrize("sent", [2, 4])
def test_a_count_that_never_fits_is_accepted_after_a_day_and_looked_at_again_later(sent: int) -> None:
    account = Playlists(mine=Playlist(items=["a", "b", "c", "d"][:sent], counted=3))
    account.run()
    asked = account.hours_asked(12)
    assert asked == [0, 1, 7, 31, 103, 271]
    assert account.state["read"]["mine"][1] == sent
    account.run()
    assert account.asked == []


def test_no_items_at_all_are_never_accepted_when_the_list_of_playlists_counts_some() -> None:
    account = Playlists(mine=Playlist())
    account.run()
    mine = account.playlists["mine"]
    mine.snapshot, mine.items, mine.counted = "s2", [], 3
    account.hours_asked(30)
    assert account.state["read"]["mine"][1] == 3
    mine.items = ["a", "b"]
    mine.counted = 2
    account.run(hours=7 * 24)
    assert [row["position"] for row in account.rows] == [0, 1]


def test_a_playlist_that_is_cut_for_weeks_keeps_its_items() -> None:
    account = Playlists(mine=Playlist(items=[f"t{number}" for number in range(40)]))
    account.run()
    mine = account.playlists["mine"]
    mine.snapshot, mine.counted, whole = "s2", 40, mine.items
    mine.items = whole[:10]
    account.hours_asked(20)
    assert account.outcomes == account.rows == []
    assert account.state["read"]["mine"][:2] == ["s1", 40]
    mine.items = whole
    account.run(hours=7 * 24)
    assert len(account.rows) == 40


def test_an_incomplete_list_of_playlists_still_gives_the_items_of_those_that_came() -> None:
    account = Playlists(mine=Playlist())
    account.listed = lambda: ParentsRead(Playlists.listed(account).elements, False)  # type: ignore[method-assign]
    assert account.run().rows_read == 3


def test_a_state_of_an_earlier_version_is_understood() -> None:
    account = Playlists(mine=Playlist())
    account.run()
    account.state["read"]["mine"] = ["s1", 3, None]
    account.state.pop("waits")
    assert account.run().outcome == "not due"
    account.playlists["mine"].items = ["x"]
    account.run()
    assert [row["position"] for row in account.rows] == [0]
