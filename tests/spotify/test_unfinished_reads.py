"""Lists whose answers cannot be right: the read is unfinished, its rows are kept, nothing counts as removed.

Without a server: one list of the account is read in several runs with one state.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from pipelines.lake.source import ResourceReport
from pipelines.raw.changes import TOMBSTONE, ChangeFilter, StateRowHashes
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.rows.element import Json
from pipelines.spotify.run import Run
from pipelines.spotify.sync.read import read_resource
from pipelines.spotify.tables import TABLES

WHEN = dt.datetime(2026, 11, 2, 8)
Answer = Callable[[Json], Json]


class Listing:
    """One resource of the Web API. `answer` gives the page object for the parameters of a request."""

    def __init__(self, resource: str, answer: Answer) -> None:
        self.resource = next(each for each in RESOURCES if each.name == resource)
        self.answer = answer
        self.asked: list[Json] = []
        self.budget = type("Budget", (), {"by_resource": {resource: 0}})()
        self.tokens = type("Tokens", (), {"scope": None})()
        self.state: dict[str, Any] = {}
        self.hashes: dict[str, dict[str, str]] = {}
        self.now = WHEN

    def get(self, path: str, endpoint: str = "", resource: str = "", **parameters: Any) -> Json:
        self.asked.append(parameters)
        assert len(self.asked) < 50, "a read without end"
        page = self.answer(parameters)
        return {self.resource.data_selector: page} if self.resource.data_selector else page

    def read(self, hours: float = 1) -> ResourceReport:
        self.now += dt.timedelta(hours=hours)
        self.asked.clear()
        run = Run(self, ChangeFilter(TABLES, StateRowHashes(lambda: self.hashes), self.now), self.now)  # type: ignore[arg-type]
        list(read_resource(self.resource, run, self.state, {}))
        return run.reports[0]

    @property
    def current(self) -> int:
        """How many rows are in the list, according to what was stored."""
        return sum(kept != TOMBSTONE for kept in self.hashes.get(self.resource.name, {}).values())


def artists(*numbers: int, total: int | None, after: str | None = None) -> Json:
    items = [{"id": f"artist{number}"} for number in numbers]
    page: Json = {"items": items, "cursors": {"after": after}, "next": "address" if after else None}
    return page if total is None else page | {"total": total}


def albums(found: int, total: int | None = None, **fields: Any) -> Answer:
    """A list of albums of which `found` exist."""

    def answer(parameters: Json) -> Json:
        offset = parameters["offset"]
        items = [{"album": {"id": f"album{number}"}} for number in range(offset, min(offset + 50, found))]
        more = "address" if offset + 50 < found else None
        return {"items": items, "total": found if total is None else total, "next": more} | fields

    return answer


def test_cursors_that_lead_in_a_circle_end_the_read_and_keep_its_rows() -> None:
    pages = {None: (1, "A"), "A": (2, "B"), "B": (3, "A")}

    def circle(parameters: Json) -> Json:
        number, after = pages[parameters.get("after")]
        return artists(number, total=500, after=after)

    listing = Listing("followed_artists", circle)
    report = listing.read()
    assert (report.outcome, report.rows_new, report.rows_removed) == ("unfinished", 3, 0)
    assert "Spotify sends the same pages again" in str(report.reason)
    assert [request.get("after") for request in listing.asked] == [None, "A", "B", "B"]
    listing.answer = lambda parameters: artists(1, 2, 3, 4, total=4)
    assert listing.read().outcome == "read"
    assert listing.current == 4


def test_new_cursors_for_the_same_artists_end_the_read() -> None:
    numbers = iter(range(1000))
    listing = Listing("followed_artists", lambda _: artists(1, 2, total=100, after=f"cursor{next(numbers)}"))
    report = listing.read()
    assert report.outcome == "unfinished"
    assert len(listing.asked) < 10


def test_a_circle_removes_nothing_however_often_it_comes() -> None:
    listing = Listing("followed_artists", lambda _: artists(*range(40), total=40))
    listing.read()
    listing.answer = lambda _: artists(1, 2, total=40, after="A")
    asked = 0
    for _ in range(72):
        assert listing.read().rows_removed == 0
        asked += len(listing.asked)
    assert listing.current == 40
    assert asked < 40


def test_followed_artists_that_are_empty_once_are_requested_again_at_once() -> None:
    listing = Listing("followed_artists", lambda _: artists(1, 2, 3, total=3))
    listing.read()
    answers = iter([artists(total=0), artists(1, 2, 3, total=3)])
    listing.answer = lambda _: next(answers)
    report = listing.read(hours=24)
    assert (report.outcome, report.rows_removed, len(listing.asked)) == ("read", 0, 2)


def test_followed_artists_that_are_empty_on_two_days_are_removed_on_the_second() -> None:
    listing = Listing("followed_artists", lambda _: artists(1, 2, 3, total=3))
    listing.read()
    listing.answer = lambda _: artists(total=0)
    report = listing.read(hours=24)
    assert (report.outcome, report.rows_removed) == ("unfinished", 0)
    assert "3 of 3 rows are absent" in str(report.reason)
    assert listing.read(hours=24).rows_removed == 3
    assert listing.current == 0


def test_a_list_without_total_is_read_by_next() -> None:
    def without_total(parameters: Json) -> Json:
        page = albums(120)(parameters)
        del page["total"]
        return page

    listing = Listing("saved_albums", without_total)
    report = listing.read()
    assert (report.outcome, report.rows_new, len(listing.asked)) == ("read", 120, 3)


def test_a_total_that_grows_while_the_list_is_read_leaves_it_unfinished() -> None:
    listing = Listing("saved_albums", lambda parameters: albums(120, total=120 + parameters["offset"])(parameters))
    report = listing.read()
    assert (report.outcome, report.rows_new, len(listing.asked)) == ("unfinished", 120, 3)
    listing.answer = albums(120)
    assert listing.read().outcome == "read"


def test_a_next_that_ends_too_early_does_not_end_the_read() -> None:
    listing = Listing("saved_albums", albums(120, next=None))
    assert (listing.read().outcome, listing.current) == ("read", 120)


def test_pages_that_end_too_early_are_requested_twice_and_then_in_the_next_run_and_daily() -> None:
    listing = Listing("saved_albums", albums(50, total=120))
    report = listing.read()
    assert (report.outcome, report.resume_from, listing.current) == ("unfinished", "50", 50)
    assert [request["offset"] for request in listing.asked].count(50) == 2
    assert [hour for hour in range(72) if listing.read().outcome != "not due"] == [0, 24, 48]
    listing.answer = albums(120)
    listing.read(hours=24)
    assert listing.current == 120


def test_a_page_that_is_empty_in_the_middle_costs_no_row() -> None:
    listing = Listing("saved_albums", albums(200))
    listing.read()
    all_zero: Json = {"items": [], "total": 0, "limit": 0, "offset": 0, "next": None}
    listing.answer = lambda parameters: all_zero if parameters["offset"] == 100 else albums(200)(parameters)
    report = listing.read(hours=24)
    assert (report.outcome, report.rows_removed, listing.current) == ("unfinished", 0, 200)


def test_a_smaller_limit_than_requested_loses_no_row() -> None:
    def by_twenty(parameters: Json) -> Json:
        page = albums(120)(parameters)
        return page | {"items": page["items"][:20], "limit": 20}

    listing = Listing("saved_albums", by_twenty)
    assert (listing.read().outcome, listing.current, len(listing.asked)) == ("read", 120, 6)


def plays(*minutes: int) -> Json:
    found = [
        {"played_at": f"2026-11-02T07:{minute:02}:00.000Z", "track": {"uri": "spotify:track:t"}} for minute in minutes
    ]
    return {"items": found, "next": "address"}


def test_plays_that_come_again_instead_of_older_ones_end_the_read() -> None:
    listing = Listing("recently_played", lambda _: plays(5, 6))
    report = listing.read()
    assert (report.outcome, report.rows_new, len(listing.asked)) == ("unfinished", 2, 2)
    assert (listing.read().outcome, len(listing.asked)) == ("read", 1)


def test_no_plays_at_all_are_requested_again_when_some_are_known() -> None:
    listing = Listing("recently_played", lambda _: plays(5) | {"next": None})
    listing.read()
    answers = iter([plays(), plays(5, 6) | {"next": None}])
    listing.answer = lambda _: next(answers)
    assert (listing.read().outcome, listing.current) == ("read", 2)


def test_a_top_list_that_is_empty_once_is_requested_again_and_in_the_next_run() -> None:
    full = {"items": [{"id": f"artist{number}"} for number in range(3)], "total": 3}
    listing = Listing("top_artists", lambda _: full)
    listing.read()
    listing.answer = lambda parameters: full | {"items": []} if parameters["time_range"] == "short_term" else full
    report = listing.read(hours=24)
    assert (report.outcome, len(listing.asked)) == ("unfinished", 4)
    assert "short_term: Spotify sent 0 rows of 3" in str(report.reason)
    listing.answer = lambda _: full
    assert (listing.read().outcome, len(listing.asked)) == ("read", 1)
    assert listing.read().outcome == "not due"
