"""Unusual rows that recorded answers have and the published description does not mention."""

import re
from typing import Any

import spotipy

from tests.simulators.spotify.client import Json, every_row
from tests.simulators.spotify.demo_server import DemoServer

BOTH = ("track", "episode")


def entries(client: spotipy.Spotify, place: int) -> list[Json]:
    """The items of a playlist."""
    id = client.current_user_playlists(limit=50)["items"][place]["id"]
    return every_row(client, client.playlist_items(id, limit=50, additional_types=BOTH))


def tracks(client: spotipy.Spotify) -> list[Json]:
    """The saved tracks."""
    return [row["track"] for row in every_row(client, client.current_user_saved_tracks(limit=50))]


def test_saved_albums_hold_a_null_element_that_total_counts(client: spotipy.Spotify) -> None:
    page = client.current_user_saved_albums(limit=50)
    assert page["items"][3] is None
    assert page["items"].count(None) == 1
    assert page["total"] == len(page["items"]) == 21


def test_a_playlist_holds_a_local_file_without_id(client: spotipy.Spotify) -> None:
    entry = entries(client, 0)[1]
    item = entry["item"]
    assert entry["is_local"] is item["is_local"] is True
    assert (item["id"], item["href"], item["album"]["id"], item["external_ids"]) == (None, None, None, {})
    assert item["uri"].startswith("spotify:local:Nobody:Home+tapes:Rehearsal+")


def test_a_playlist_holds_a_null_item_and_a_duplicate(client: spotipy.Spotify) -> None:
    rows = entries(client, 1)
    assert rows[2]["item"] is None
    assert rows[2]["added_at"] is not None
    assert rows[4]["item"]["id"] == rows[0]["item"]["id"]


def test_the_oldest_items_have_no_date_and_no_user(client: spotipy.Spotify) -> None:
    rows = entries(client, 2)
    assert [(row["added_at"], row["added_by"]) for row in rows[:2]] == [(None, None)] * 2
    assert rows[2]["added_at"]


def test_an_unavailable_saved_episode_is_all_null(client: spotipy.Spotify) -> None:
    episode = client.current_user_saved_episodes()["items"][2]["episode"]
    assert (episode["id"], episode["name"], episode["uri"], episode["show"]["id"]) == (None, None, None, None)
    assert (episode["release_date"], episode["languages"]) == ("0000", [None])
    assert episode["href"].endswith("/episodes/null")


def test_release_dates_are_days_or_months_or_years_or_unknown(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    albums = {track["album"]["id"]: track["album"] for track in tracks(client)}
    found = {(album["release_date_precision"], len(album["release_date"])) for album in albums.values()}
    assert found == {("day", 10), ("month", 7), ("year", 4)}
    assert "0000" in {album["release_date"] for album in albums.values()}


def test_half_of_the_artists_have_no_genres_and_a_few_have_no_images(client: spotipy.Spotify) -> None:
    artists = every_row(client, client.current_user_top_artists(limit=50, time_range="long_term"))
    without_genres = sum(not artist["genres"] for artist in artists)
    assert 0.3 < without_genres / len(artists) < 0.7
    assert 0 < sum(not artist["images"] for artist in artists) < len(artists) / 5


def test_some_names_are_not_ascii_and_some_are_empty(client: spotipy.Spotify) -> None:
    top = every_row(client, client.current_user_top_tracks(limit=50, time_range="long_term"))
    found = "".join(track["name"] for track in top)
    for script in ("\u0301", "[\u0590-\u05ff]", "[\u30a0-\u30ff]", "[\u0370-\u03ff]", "\N{HERB}"):
        assert re.search(script, found), script
    assert "" in {track["name"] for track in top}


def test_a_playlist_may_have_no_public_flag_and_no_cover(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.mutate("empty_playlist", playlist=4)
    playlists = client.current_user_playlists(limit=50)["items"]
    assert {row["public"] for row in playlists if row} == {True, False, None}
    assert playlists[4]["images"] is None


def test_a_page_may_be_shorter_than_its_limit_before_the_last(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    before = [track["id"] for track in tracks(client)]
    demo_server.switch(short_pages=True)
    page = client.current_user_saved_tracks(limit=50)
    assert len(page["items"]) == 49
    assert page["next"]
    assert page["total"] == 413
    assert [track["id"] for track in tracks(client)] == before


def test_any_field_of_any_row_can_be_poisoned(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    def row(index: int) -> Any:
        return client.current_user_saved_tracks(limit=10, offset=index - index % 10)["items"][index % 10]

    clean = row(14)
    demo_server.mutate(
        "poison", path="/v1/me/tracks", index=13, field="track.duration_ms", value={"totalMilliseconds": 1}
    )
    demo_server.mutate("poison", path="/v1/me/tracks", index=12, field="track.artists.0.name", value=None)
    demo_server.mutate("poison", path="/v1/me/tracks", index=11)
    demo_server.mutate("poison", path="/v1/me/tracks", index=15, field="track.album", remove=True)
    assert row(13)["track"]["duration_ms"] == {"totalMilliseconds": 1}
    assert row(12)["track"]["artists"][0]["name"] is None
    assert row(11) is None
    assert "album" not in row(15)["track"]
    assert row(14) == clean
    demo_server.mutate("poison", path="/v1/me/tracks", field="items", value={"not": "a list"})
    assert client.current_user_saved_tracks()["items"] == {"not": "a list"}
    demo_server.mutate("heal")
    assert row(14) == clean


def test_the_library_changes_between_two_pages(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    before = [track["id"] for track in tracks(client)]
    demo_server.mutate("unsave", index=10, when={"path": "/v1/me/tracks", "calls": 2})
    page = client.current_user_saved_tracks(limit=50)
    seen = [row["track"]["id"] for row in every_row(client, page)]
    assert before[100] not in seen
    assert len(seen) == 399
    assert client.current_user_saved_tracks()["total"] == 399


def test_a_save_with_an_older_date_is_placed_by_its_date(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    newest = client.current_user_saved_tracks(limit=1)["items"][0]
    saved = demo_server.mutate("save", added_at="2024-05-05T05:05:05Z")
    rows = every_row(client, client.current_user_saved_tracks(limit=50))
    assert rows[0] == newest
    assert len(rows) == 401
    place = next(number for number, row in enumerate(rows) if row["track"]["id"] == saved["id"])
    assert rows[place]["added_at"] == "2024-05-05T05:05:05Z"
    assert place > 50
    fresh = demo_server.mutate("save")
    assert client.current_user_saved_tracks(limit=1)["items"][0]["track"]["id"] == fresh["id"]


def test_ids_and_isrcs_and_durations_have_the_form_of_real_ones(client: spotipy.Spotify) -> None:
    saved = tracks(client)
    for track in saved:
        assert re.fullmatch(r"[0-9A-Za-z]{22}", track["id"])
        assert re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", track["external_ids"]["isrc"])
        assert 60_000 < track["duration_ms"] < 600_000
    top = every_row(client, client.current_user_top_tracks(limit=50, time_range="long_term"))
    recordings = {track["external_ids"]["isrc"] for track in top}
    assert len(recordings) < len({track["id"] for track in top})
