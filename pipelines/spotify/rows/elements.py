"""One element of a listing as rows per table; pure functions, one for each line of the menu.

Each takes the element and its `Place`, yields `(table, row)` with the listing's own row first, and yields nothing for
an element without a key.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.spotify.rows import objects
from pipelines.spotify.rows.objects import Json, Row, time


@dataclass(frozen=True)
class Place:
    """Where an element stood: its index in the whole list, the run's clock, and what the address was filled with."""

    index: int
    now: dt.datetime
    filled: dict[str, str]


RowsOf = Callable[[Json, Place], Iterator[Row]]


def me(profile: Json, place: Place) -> Iterator[Row]:
    # e-mail and explicit_content are left out: private, and nobody's question.
    yield (
        "me",
        {
            "user_id": profile.get("id"),
            "account_id": profile.get("account_id"),
            "display_name": profile.get("display_name"),
            "country": profile.get("country"),
            "product": profile.get("product"),
            "followers_total": (profile.get("followers") or {}).get("total"),
            "uri": profile.get("uri"),
        },
    )


def play(element: Json, place: Place) -> Iterator[Row]:
    track = element.get("track") or {}
    uri = objects.track_uri(track)
    if uri and element.get("played_at"):
        context = element.get("context") or {}
        row = {"played_at": time(element["played_at"]), "track_uri": uri, "track_id": track.get("id")}
        yield "recently_played", row | {"context_type": context.get("type"), "context_uri": context.get("uri")}
        yield from objects.track(track)


def saved_track(element: Json, place: Place) -> Iterator[Row]:
    track = element.get("track") or {}
    uri = objects.track_uri(track)
    if uri:
        row = {"track_uri": uri, "track_id": track.get("id"), "added_at": time(element.get("added_at"))}
        yield "saved_tracks", row | {"is_removed": False}
        yield from objects.track(track)


def saved_album(element: Json, place: Place) -> Iterator[Row]:
    album = element.get("album") or {}
    if album.get("id"):
        yield "saved_albums", _saved("album_id", album, element)
        yield from objects.full_album(album)


def saved_show(element: Json, place: Place) -> Iterator[Row]:
    show = element.get("show") or {}
    if show.get("id"):
        yield "saved_shows", _saved("show_id", show, element)
        yield from objects.show(show)


def saved_episode(element: Json, place: Place) -> Iterator[Row]:
    episode = element.get("episode") or {}
    if episode.get("id"):
        heard = episode.get("resume_point") or {}
        place_heard = {"fully_played": heard.get("fully_played"), "resume_position_ms": heard.get("resume_position_ms")}
        yield "saved_episodes", _saved("episode_id", episode, element) | place_heard
        yield from objects.episode(episode)


def saved_audiobook(element: Json, place: Place) -> Iterator[Row]:
    # Official answers hold the bare audiobook; the community's description wraps it.
    book = element.get("audiobook") or element
    if book.get("id"):
        yield "saved_audiobooks", _saved("audiobook_id", book, element)
        yield from objects.audiobook(book)


def _saved(key: str, thing: Json, element: Json) -> Json:
    return {key: thing["id"], "added_at": time(element.get("added_at")), "is_removed": False}


def followed_artist(artist: Json, place: Place) -> Iterator[Row]:
    if artist.get("id"):
        yield "followed_artists", {"artist_id": artist["id"], "is_removed": False}
        yield from objects.full_artist(artist)


def playlist(playlist: Json, place: Place) -> Iterator[Row]:
    if playlist.get("id"):
        owner = playlist.get("owner") or {}
        items = playlist.get("items") or playlist.get("tracks") or {}
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
                "items_total": items.get("total") if isinstance(items, dict) else None,
                "uri": playlist.get("uri"),
                "is_removed": False,
            },
        )


def playlist_item(element: Json | None, place: Place) -> Iterator[Row]:
    """Positions of items that Spotify no longer shows are kept, with a null address."""
    entry: Json = element or {}
    item: Json = entry.get("item") or entry.get("track") or {}
    kind = item.get("type")
    yield (
        "playlist_items",
        {
            "playlist_id": place.filled["playlist_id"],
            "snapshot_id": place.filled["snapshot_id"],
            "position": place.index,
            "item_type": kind,
            "item_uri": item.get("uri"),
            "item_id": item.get("id"),
            "added_at": time(entry.get("added_at")),
            "added_by_id": (entry.get("added_by") or {}).get("id"),
            "is_local": entry.get("is_local"),
        },
    )
    yield from objects.episode(item) if kind == "episode" else objects.track(item)


def top_artist(artist: Json, place: Place) -> Iterator[Row]:
    if artist.get("id"):
        yield "top_artists", _ranked(place) | {"artist_id": artist["id"]}
        yield from objects.full_artist(artist)


def top_track(track: Json, place: Place) -> Iterator[Row]:
    uri = objects.track_uri(track)
    if uri:
        yield "top_tracks", _ranked(place) | {"track_uri": uri, "track_id": track.get("id")}
        yield from objects.track(track)


def _ranked(place: Place) -> dict[str, Any]:
    return {"time_range": place.filled["time_range"], "read_on": place.now.date(), "rank": place.index + 1}
