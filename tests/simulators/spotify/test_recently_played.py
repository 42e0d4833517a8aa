"""Recently played: the last 50 plays, read by cursors in milliseconds."""

from datetime import datetime

import spotipy

from tests.simulators.spotify.client import refusal
from tests.simulators.spotify.demo_server import DemoServer


def ms(text: str) -> int:
    """`played_at` as a cursor."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def test_recently_played_holds_the_fifty_tracks_that_ended_last(
    demo_server: DemoServer, client: spotipy.Spotify
) -> None:
    page = client.current_user_recently_played(limit=50)
    ends = [ms(row["played_at"]) for row in page["items"]]
    assert ends == sorted(ends, reverse=True)
    assert len(ends) == 50
    assert page["cursors"] == {"after": str(ends[0]), "before": str(ends[-1])}
    assert "total" not in page
    assert page["next"] is None
    assert all(row["track"]["type"] == "track" for row in page["items"])
    gaps = zip(ends, ends[1:], (row["track"]["duration_ms"] for row in page["items"]), strict=False)
    assert all(later - earlier >= length for later, earlier, length in gaps)


def test_cursors_of_recently_played_are_exclusive_milliseconds(client: spotipy.Spotify) -> None:
    page = client.current_user_recently_played(limit=10)
    ends = [ms(row["played_at"]) for row in page["items"]]
    assert len(client.current_user_recently_played(after=ends[3])["items"]) == 3
    assert ms(client.current_user_recently_played(before=ends[3])["items"][0]["played_at"]) == ends[4]
    older = client.next(page)
    assert ms(older["items"][0]["played_at"]) < ends[-1]
    assert refusal(client.current_user_recently_played, after=1, before=2)[0] == 400
    empty = client.current_user_recently_played(after=ends[0])
    assert (empty["items"], empty["cursors"], empty["next"]) == ([], None, None)


def test_a_late_play_appears_before_the_cursor(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    newest = client.current_user_recently_played(limit=1)["items"][0]["played_at"]
    late = demo_server.mutate("play", played_at="2026-11-01T19:00:00.123Z")
    assert client.current_user_recently_played(after=ms(newest))["items"] == []
    assert late["played_at"] in [row["played_at"] for row in client.current_user_recently_played(limit=50)["items"]]
