"""The demo account changes with its clock, and is the same in every process."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime

import spotipy

from tests.simulators.spotify.client import Json, every_row, spotify
from tests.simulators.spotify.demo_server import DemoServer


def saved(client: spotipy.Spotify) -> dict[str, str]:
    """The saved tracks: id to `added_at`."""
    rows = every_row(client, client.current_user_saved_tracks(limit=50))
    return {row["track"]["id"]: row["added_at"] for row in rows}


def snapshots(client: spotipy.Spotify) -> dict[str, str]:
    """The playlists: id to `snapshot_id`."""
    return {row["id"]: row["snapshot_id"] for row in client.current_user_playlists(limit=50)["items"] if row}


def contents(client: spotipy.Spotify, playlist: str) -> list[Json]:
    """A playlist's items."""
    return every_row(client, client.playlist_items(playlist, limit=50, additional_types=("track", "episode")))


def portrait(demo_server: DemoServer) -> Iterator[object]:
    """Rows of every list."""
    client = spotify(demo_server)
    yield client.me()
    for path in ("tracks", "albums", "shows", "episodes", "audiobooks", "top/artists", "top/tracks"):
        yield every_row(client, client._get(f"me/{path}", limit=50))[:120]
    yield client.current_user_followed_artists(limit=50)["artists"]["items"]
    yield client.current_user_recently_played(limit=50)["items"]
    yield snapshots(client)
    yield contents(client, next(iter(snapshots(client))))


def plays_of_a_day(demo_server: DemoServer) -> list[int]:
    """Plays of each of the next 24 hours."""
    counts = []
    for _ in range(24):
        newest = spotify(demo_server).current_user_recently_played(limit=1)["items"][0]["played_at"]
        demo_server.clock(hours=1)
        after = round(datetime.fromisoformat(newest).timestamp() * 1000)
        counts.append(len(spotify(demo_server).current_user_recently_played(limit=50, after=after)["items"]))
    return counts


def test_two_servers_at_the_same_clock_answer_alike(demo_servers: Callable[..., DemoServer]) -> None:
    one = demo_servers(seed=7, now="2026-11-02T08:00:00Z")
    other = demo_servers(seed=7, now="2027-01-15T22:30:00Z")
    one.clock(now="2027-04-30T05:05:05Z")
    list(portrait(one))
    one.clock(now="2027-01-15T22:30:00Z")
    for shown, expected in zip(portrait(one), portrait(other), strict=True):
        assert json.dumps(shown).replace(one.api_url, "") == json.dumps(expected).replace(other.api_url, "")


def test_another_seed_is_another_listener(demo_servers: Callable[..., DemoServer]) -> None:
    one, other = (saved(spotify(demo_servers(seed=seed))) for seed in (1, 2))
    assert not set(one) & set(other)


def test_the_clock_stands_still_until_it_is_moved(demo_server: DemoServer) -> None:
    assert demo_server.clock() == demo_server.clock() == "2026-11-02T08:00:00.000Z"
    assert demo_server.clock(days=1, hours=2) == "2026-11-03T10:00:00.000Z"
    assert demo_server.clock(now="2026-11-02T08:00:00Z") == "2026-11-02T08:00:00.000Z"


def test_a_day_later_some_tracks_are_new_with_a_playlist_or_two_changed(demo_server: DemoServer) -> None:
    removed = 0
    for _ in range(10):
        client = spotify(demo_server)
        tracks, lists = saved(client), snapshots(client)
        now = demo_server.clock(days=1)
        client = spotify(demo_server)
        later, lists_later = saved(client), snapshots(client)
        new = set(later) - set(tracks)
        assert 1 <= len(new) <= 8
        assert all(later[id] <= now for id in new)
        removed += len(set(tracks) - set(later))
        assert lists.keys() == lists_later.keys()
        assert 1 <= sum(lists[id] != lists_later[id] for id in lists) <= 2
    assert 1 <= removed <= 20


def test_an_unchanged_snapshot_means_unchanged_items(demo_server: DemoServer) -> None:
    client = spotify(demo_server)
    readable = [row["id"] for row in client.current_user_playlists(limit=50)["items"] if row and "items" in row]
    before = {id: contents(client, id) for id in readable}
    lists = snapshots(client)
    demo_server.clock(days=14)
    client = spotify(demo_server)
    later = snapshots(client)
    unchanged = [id for id in readable if lists[id] == later[id]]
    changed = [id for id in readable if lists[id] != later[id]]
    assert unchanged
    assert all(contents(client, id) == before[id] for id in unchanged)
    assert any(contents(client, id) != before[id] for id in changed)


def test_a_day_has_thirty_to_seventy_plays_with_some_in_every_hour_of_daylight(demo_server: DemoServer) -> None:
    hours = plays_of_a_day(demo_server)
    assert 30 <= sum(hours) <= 70
    assert all(hours[:13])
    assert sum(hours[16:22]) == 0


def test_top_lists_shift_as_weeks_go_by(demo_server: DemoServer) -> None:
    def ranking() -> list[str]:
        page = spotify(demo_server).current_user_top_artists(limit=20, time_range="short_term")
        return [artist["id"] for artist in page["items"]]

    today = ranking()
    demo_server.clock(days=1)
    tomorrow = ranking()
    demo_server.clock(days=60)
    assert len(set(today) & set(tomorrow)) >= 15
    assert today != tomorrow
    assert len(set(today) & set(ranking())) <= 15


def test_an_earlier_clock_shows_a_smaller_library_of_the_same_person(demo_servers: Callable[..., DemoServer]) -> None:
    now, earlier = (saved(spotify(demo_servers(now=f"{year}-11-02T08:00:00Z"))) for year in (2026, 2024))
    assert 100 < len(earlier) < len(now) == 400
    assert earlier.items() <= now.items()


def test_ten_years_later_days_are_still_ordinary(demo_servers: Callable[..., DemoServer]) -> None:
    demo_server = demo_servers(now="2036-11-02T08:00:00Z")
    client = spotify(demo_server)
    before = client.current_user_saved_tracks(limit=1)["total"]
    demo_server.clock(days=1)
    client = spotify(demo_server)
    assert before < client.current_user_saved_tracks(limit=1)["total"] < before + 10
    assert len(client.current_user_recently_played(limit=50)["items"]) == 50
    assert client.current_user_top_tracks(limit=50)["total"] > 1000
    assert len(snapshots(client)) > 40
