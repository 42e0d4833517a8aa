"""An element whose page always fails is found, left out and named. The other elements are read."""

from collections.abc import Callable
from typing import Any

import pytest

from pipelines.spotify.errors import NoAnswer
from pipelines.spotify.sync.halving import Halving, Unreadable, before_a_broken_play, longest
from tests.account import Account, report
from tests.raw.test_values import NOW

TRIES = 4


class List:
    """A list of numbers. Each page that holds a broken number fails."""

    def __init__(self, size: int, *broken: int) -> None:
        self.size, self.broken, self.calls = size, set(broken), 0

    def request(self, tries: int | None, limit: int, **position: int) -> dict[str, Any]:
        first = position.get("offset", 0) or position.get("after", 0)
        numbers = range(min(first, self.size), min(first + limit, self.size))
        if "before" in position:
            numbers = range(min(position["before"], self.size) - 1, -1, -1)[:limit]
        fails = bool(self.broken & set(numbers))
        self.calls += (tries or TRIES) if fails else 1
        if fails:
            raise NoAnswer("status 500")
        return {"items": list(numbers), "total": self.size, "next": None}


def read(numbers: List, offset: int, known: dict[str, str] | None = None) -> list[Any]:
    page = Halving(numbers.request, {} if known is None else known, NOW).page(offset, 50)
    return [None if isinstance(item, Unreadable) else item for item in page["items"]]


@pytest.mark.parametrize("broken", [100, 101, 125, 149])
def test_a_broken_element_is_alone_after_few_requests_and_keeps_its_place(broken: int) -> None:
    numbers = List(400, broken)
    assert read(numbers, 100) == [None if number == broken else number for number in range(100, 150)]
    assert numbers.calls <= TRIES + 15


def test_several_broken_elements_are_left_out() -> None:
    assert read(List(130, 100, 101, 129), 100) == [None, None, *range(102, 129), None]


def test_a_broken_element_costs_one_more_request_until_it_is_requested_again_a_day_later() -> None:
    numbers, known = List(400, 7), dict[str, str]()
    read(numbers, 0, known)
    numbers.calls = 0
    assert read(numbers, 0, known) == [*range(7), None, *range(8, 50)]
    assert numbers.calls == 2
    numbers.broken.clear()
    assert read(numbers, 0, {"7": NOW.isoformat()}) == list(range(50))


@pytest.mark.parametrize("broken", [range(400), range(100, 150)], ids=["everything", "a whole page"])
def test_an_outage_is_not_taken_for_broken_elements(broken: range) -> None:
    numbers, known = List(400, *broken), dict[str, str]()
    with pytest.raises(NoAnswer):
        read(numbers, 100, known)
    assert numbers.calls == TRIES + 2
    assert known == {}


def test_a_page_with_a_cursor_ends_before_the_broken_element() -> None:
    assert longest(List(400, 31).request, 50)["items"] == list(range(31))
    with pytest.raises(NoAnswer):
        longest(List(400, 31).request, 50, after=31)


def test_the_plays_behind_a_broken_play_are_found_by_their_time() -> None:
    # One play each minute; a number is its time in half minutes, so that all neighbours are found.
    class Plays(List):
        def request(self, tries: int | None, limit: int, **position: int) -> dict[str, Any]:
            return super().request(tries, limit, before=position["before"] // 30_000)

    plays = Plays(5000, 4000)
    assert before_a_broken_play(plays.request, 50, 4001 * 30_000)["items"][0] in (3999, 3998)
    assert plays.calls < 20
    with pytest.raises(NoAnswer):
        before_a_broken_play(Plays(5000, *range(5000)).request, 50, 4001 * 30_000)


def test_the_other_saved_tracks_and_plays_are_loaded_and_the_broken_ones_are_named(
    new_account: Callable[..., Account], waits: list[float]
) -> None:
    account = new_account(size=120, playlists=1, playlist_items=12)
    everything = account.load()
    track = account.rows("saved_tracks")[70]["track_uri"]
    play = account.rows("recently_played")[20]["played_at"].isoformat(timespec="milliseconds")
    item = account.rows("playlist_items", "position = 5")[0]["item_uri"]
    playlist = account.rows("playlist_items")[0]["playlist_id"]
    account.demo_server.mutate("break", path="/v1/me/tracks", text=f'"{track}"')
    account.demo_server.mutate("break", path="/v1/me/player/recently-played", text=play)
    account.demo_server.mutate("break", path=f"/v1/playlists/{playlist}/items", text=f'"{item}"')
    fresh = Account(account.demo_server, account.folder / "fresh")
    loaded = fresh.load()
    for resource in ("saved_tracks", "recently_played", "playlist_items"):
        found, full = report(loaded, resource), report(everything, resource)
        assert (found.outcome, found.rows_left_out) == ("read", 1), resource
        assert found.rows_new >= full.rows_new - 2
        assert "status 500" in found.odd_elements[0]
    assert report(loaded, "playlist_items").odd_elements[0].startswith(f"{playlist} element 5: ")
    assert [row["item_uri"] for row in fresh.rows("playlist_items", "position = 5")] == [None]
    again = fresh.load(full=True)
    assert sum(each.rows_removed for each in again.reports) == 0
    assert report(again, "saved_tracks").calls <= report(everything, "saved_tracks").calls + 2
    account.demo_server.mutate("heal")
    fresh.demo_server.clock(days=1)
    healed = fresh.load(full=True)
    assert track in fresh.current_keys("saved_tracks")
    assert not any(each.rows_left_out for each in healed.reports)
    assert item in {row["item_uri"] for row in fresh.rows("playlist_items", "position = 5")}
