"""One element of a resource as rows per table: one pure function for each line of `resources.py`.

Each function takes the element and its position and yields pairs of table name and row, the resource's own row first.
It yields nothing for an element without a key, and passes odd values on as they are. The docstrings name the request
whose answer holds the element; the source is the Web API reference, seen in November 2026.
"""

from collections.abc import Iterator
from typing import Any

from pipelines.spotify.rows import music, spoken
from pipelines.spotify.rows.element import ElementPosition, Json, Row, as_object, is_given, part


def me(profile: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me. The e-mail address and the filter for explicit content are private and dropped."""
    yield (
        "me",
        {
            "user_id": profile.get("id"),
            "account_id": profile.get("account_id"),
            "display_name": profile.get("display_name"),
            "country": profile.get("country"),
            "product": profile.get("product"),
            "followers_total": part(profile, "followers").get("total"),
            "uri": profile.get("uri"),
        },
    )


def play(element: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/player/recently-played: a play with its track; `played_at` is the end of the play."""
    track = part(element, "track")
    uri = music.track_uri(track)
    if is_given(uri) and is_given(element.get("played_at")):
        context = part(element, "context")
        row = {"played_at": element["played_at"], "track_uri": uri, "track_id": track.get("id")}
        yield "recently_played", row | {"context_type": context.get("type"), "context_uri": context.get("uri")}
        yield from music.track(track)


def saved_track(element: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/tracks: a saved track."""
    track = part(element, "track")
    uri = music.track_uri(track)
    if is_given(uri):
        row = {"track_uri": uri, "track_id": track.get("id"), "added_at": element.get("added_at")}
        yield "saved_tracks", row | {"is_removed": False}
        yield from music.track(track)


def saved_album(element: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/albums: a saved album, as a full album object."""
    album = part(element, "album")
    if is_given(album.get("id")):
        yield "saved_albums", _saved("album_id", album, element)
        yield from music.full_album(album)


def saved_show(element: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/shows: a saved show."""
    show = part(element, "show")
    if is_given(show.get("id")):
        yield "saved_shows", _saved("show_id", show, element)
        yield from spoken.show(show)


def saved_episode(element: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/episodes: a saved episode, with the point where the listener stopped."""
    episode = part(element, "episode")
    if is_given(episode.get("id")):
        yield "saved_episodes", _saved("episode_id", episode, element) | _stopped_at(episode)
        yield from spoken.full_episode(episode)


def show_episode(episode: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /shows/{id}/episodes: an episode of a saved show, with the point where the listener stopped."""
    if is_given(episode.get("id")):
        show_id = position.parent["show_id"]
        yield "show_episodes", {"show_id": show_id, "episode_id": episode["id"]} | _stopped_at(episode)
        yield from spoken.simplified_episode(episode, show_id)


def _stopped_at(episode: Json) -> Json:
    heard = part(episode, "resume_point")
    return {"fully_played": heard.get("fully_played"), "resume_position_ms": heard.get("resume_position_ms")}


def saved_audiobook(element: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/audiobooks: the bare audiobook; the published API description wraps it in `audiobook`."""
    book = part(element, "audiobook") or element
    if is_given(book.get("id")):
        yield "saved_audiobooks", _saved("audiobook_id", book, element)
        yield from spoken.audiobook(book)


def _saved(key: str, thing: Json, element: Json) -> Json:
    return {key: thing.get("id"), "added_at": element.get("added_at"), "is_removed": False}


def followed_artist(artist: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/following: a followed artist, as a full artist object."""
    if is_given(artist.get("id")):
        yield "followed_artists", {"artist_id": artist["id"], "is_removed": False}
        yield from music.full_artist(artist)


def playlist(playlist: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/playlists: a playlist without its items."""
    if is_given(playlist.get("id")):
        owner = part(playlist, "owner")
        items = part(playlist, "items", "tracks")
        yield (
            "playlists",
            {
                "playlist_id": playlist["id"],
                "name": playlist.get("name"),
                "description": playlist.get("description"),
                "owner_id": owner.get("id"),
                "owner_display_name": owner.get("display_name"),
                "collaborative": playlist.get("collaborative"),
                "public": playlist.get("public"),
                "snapshot_id": playlist.get("snapshot_id"),
                "items_total": items.get("total"),
                "uri": playlist.get("uri"),
                "is_removed": False,
            },
        )


def playlist_item(element: Json | None, position: ElementPosition) -> Iterator[Row]:
    """GET /playlists/{id}/items: one position. An item that Spotify no longer shows keeps its position, as null."""
    entry = as_object(element)
    item = part(entry, "item", "track")
    kind = item.get("type")
    yield (
        "playlist_items",
        {
            "playlist_id": position.parent["playlist_id"],
            "snapshot_id": position.parent["snapshot_id"],
            "position": position.index,
            "item_type": kind,
            "item_uri": item.get("uri"),
            "item_id": item.get("id"),
            "added_at": entry.get("added_at"),
            "added_by_id": part(entry, "added_by").get("id"),
            "is_local": entry.get("is_local"),
        },
    )
    yield from spoken.full_episode(item) if kind == "episode" else music.track(item)


def top_artist(artist: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/top/artists: an artist at its rank in one time range."""
    if is_given(artist.get("id")):
        yield "top_artists", _ranked(position) | {"artist_id": artist["id"]}
        yield from music.full_artist(artist)


def top_track(track: Json, position: ElementPosition) -> Iterator[Row]:
    """GET /me/top/tracks: a track at its rank in one time range."""
    uri = music.track_uri(track)
    if is_given(uri):
        yield "top_tracks", _ranked(position) | {"track_uri": uri, "track_id": track.get("id")}
        yield from music.track(track)


def _ranked(position: ElementPosition) -> dict[str, Any]:
    return {"time_range": position.parent["time_range"], "read_on": position.now.date(), "rank": position.index + 1}
