"""Playlists: which items are readable, and when the snapshot id changes."""

import pytest
import spotipy

from tests.simulators.spotify.client import Json, every_row, refusal, spotify
from tests.simulators.spotify.demo_server import DemoServer

BOTH = ("track", "episode")


def listed(client: spotipy.Spotify) -> list[Json]:
    """The playlists that are not null."""
    return [row for row in client.current_user_playlists(limit=50)["items"] if row]


def snapshot(client: spotipy.Spotify, place: int = 0) -> str:
    return str(listed(client)[place]["snapshot_id"])


def test_items_of_own_and_collaborative_playlists_are_readable(client: spotipy.Spotify) -> None:
    playlists = listed(client)
    assert [row["collaborative"] for row in playlists].count(True) == 1
    for row in playlists:
        mine = row["owner"]["id"] == "demo_listener" or row["collaborative"]
        assert ("items" in row) == mine
        if mine:
            items = every_row(client, client.playlist_items(row["id"], limit=50, additional_types=BOTH))
            assert len(items) == row["items"]["total"]
        else:
            assert refusal(client.playlist_items, row["id"]) == (403, "Forbidden")
    assert {row["owner"]["id"] for row in playlists} == {"demo_listener", "demo_friend"}


def test_extended_quota_reads_items_of_followed_playlists(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    followed = next(row for row in listed(client) if "items" not in row)
    demo_server.switch(mode="extended")
    assert client.playlist_items(followed["id"], limit=50)["total"] > 0


def test_a_playlist_made_by_spotify_is_null_in_the_list_and_404_by_its_id(
    demo_server: DemoServer, client: spotipy.Spotify
) -> None:
    page = client.current_user_playlists(limit=50)
    assert page["items"].count(None) == 1
    assert page["total"] == len(page["items"]) == 12
    demo_server.switch(mode="extended")
    spotifys = next(row for row in listed(client) if row["owner"]["id"] == "spotify")
    demo_server.switch(mode="development")
    assert refusal(client.playlist_items, spotifys["id"]) == (404, "Resource not found")


def test_the_old_items_path_gives_a_hundred_a_page_with_extended_quota(demo_server: DemoServer) -> None:
    demo_server.switch(mode="extended")
    client = spotify(demo_server)
    long = next(row for row in listed(client) if row["tracks"]["total"] > 100)
    assert len(client._get(f"playlists/{long['id']}/tracks", limit=100)["items"]) == 100


@pytest.mark.parametrize(
    ("op", "more"),
    [
        ("rename_playlist", {"description": "another"}),
        ("add_item", {"item": "track"}),
        ("remove_item", {"index": 1}),
        ("empty_playlist", {}),
    ],
)
def test_the_snapshot_id_changes_with_every_edit(
    demo_server: DemoServer, client: spotipy.Spotify, op: str, more: Json
) -> None:
    before, other = snapshot(client), snapshot(client, 1)
    items = client.playlist_items(listed(client)[0]["id"], limit=50)
    demo_server.mutate(op, playlist=0, **more)
    assert snapshot(client) != before
    assert snapshot(client, 1) == other
    change = {"rename_playlist": 0, "add_item": 1, "remove_item": -1, "empty_playlist": -items["total"]}[op]
    assert client.playlist_items(listed(client)[0]["id"], limit=50)["total"] == items["total"] + change


def test_an_episode_looks_like_a_broken_track_without_additional_types(client: spotipy.Spotify) -> None:
    id = listed(client)[0]["id"]
    assert client.playlist_items(id, limit=5, additional_types=BOTH)["items"][3]["item"]["show"]["type"] == "show"
    broken = client.playlist_items(id, limit=5, additional_types=("track",))["items"][3]["item"]
    assert broken["type"] == "track"
    assert "show" not in broken


def test_a_playlist_may_be_deleted_while_its_items_are_read(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    doomed = listed(client)[2]["id"]
    when = {"path": f"/v1/playlists/{doomed}/items", "calls": 1}
    demo_server.mutate("remove_playlist", playlist=doomed, when=when)
    assert client.playlist_items(doomed, limit=5)["items"]
    assert refusal(client.playlist_items, doomed, offset=5) == (404, "Resource not found")
    assert doomed not in [row["id"] for row in listed(client)]
