"""Spotify's objects as rows of the catalogue tables; pure functions.

Development mode leaves keys out, extended-quota mode carries old and new names side by side: absent is null, and the
new name is read first. A value of an unknown type is passed on as it is: the contract names it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]
Row = tuple[str, Json]


def time(value: Any) -> Any:
    """Naive UTC to the millisecond."""
    if not isinstance(value, str):
        return value
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.tzinfo:
        moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def scalar(value: Any) -> Any:
    """Null for the objects that stand where a number or a name should (tekore #310)."""
    return None if isinstance(value, dict | list) else value


def joined(values: Any) -> str | None:
    names = [value.get("name") if isinstance(value, dict) else value for value in values or ()]
    return ",".join(str(name) for name in names if name) or None


def track_uri(track: Json) -> str | None:
    return track.get("uri") or (f"spotify:track:{track['id']}" if track.get("id") else None)


def track(track: Json) -> Iterator[Row]:
    """A full track with its artists and its simplified album; a local file has a uri only."""
    uri = track_uri(track)
    if not uri:
        return
    album: Json = track.get("album") or {}
    # is_playable is left out: only some listings give it, so it would change with the listing that was read last.
    yield (
        "tracks",
        {
            "track_uri": uri,
            "track_id": track.get("id"),
            "name": track.get("name"),
            "duration_ms": scalar(track.get("duration_ms")),
            "explicit": track.get("explicit"),
            "disc_number": track.get("disc_number"),
            "track_number": track.get("track_number"),
            "is_local": track.get("is_local"),
            "isrc": (track.get("external_ids") or {}).get("isrc"),
            "popularity": track.get("popularity"),
            "album_id": album.get("id"),
            "album_name": album.get("name"),
        },
    )
    yield from credits("track_artists", "track_uri", uri, track.get("artists"))
    yield from simplified_album(album)


def credits(table: str, key: str, value: str, artists: Iterable[Json | None] | None) -> Iterator[Row]:
    """Who is credited, in order, with their simplified artist objects."""
    for position, artist in enumerate(filter(None, artists or ()), start=1):
        row = {key: value, "position": position, "artist_id": artist.get("id"), "artist_name": artist.get("name")}
        yield table, row
        if artist.get("id"):
            yield (
                "artists",
                {
                    "artist_id": artist["id"],
                    "object_form": "simplified",
                    "name": artist.get("name"),
                    "genres_total": None,
                    "popularity": None,
                    "followers_total": None,
                    "uri": artist.get("uri"),
                },
            )


def full_artist(artist: Json) -> Iterator[Row]:
    if not artist.get("id"):
        return
    genres = artist.get("genres")
    yield (
        "artists",
        {
            "artist_id": artist["id"],
            "object_form": "full",
            "name": artist.get("name"),
            "genres_total": None if genres is None else len(set(genres)),
            "popularity": artist.get("popularity"),
            "followers_total": (artist.get("followers") or {}).get("total"),
            "uri": artist.get("uri"),
        },
    )
    for genre in sorted(set(genres or ())):
        yield "artist_genres", {"artist_id": artist["id"], "genre": genre}


def simplified_album(album: Json) -> Iterator[Row]:
    if album.get("id"):
        yield "albums", _album(album, "simplified")
        yield from credits("album_artists", "album_id", album["id"], album.get("artists"))


def full_album(album: Json) -> Iterator[Row]:
    if album.get("id"):
        codes = album.get("external_ids") or {}
        full = {"upc": codes.get("upc"), "label": scalar(album.get("label")), "popularity": album.get("popularity")}
        yield "albums", _album(album, "full") | full
        yield from credits("album_artists", "album_id", album["id"], album.get("artists"))


def _album(album: Json, form: str) -> Json:
    return {
        "album_id": album["id"],
        "object_form": form,
        "name": album.get("name"),
        "album_type": album.get("album_type"),
        "release_date": album.get("release_date"),
        "release_date_precision": album.get("release_date_precision"),
        "total_tracks": album.get("total_tracks"),
        "upc": None,
        "label": None,
        "popularity": None,
        "uri": album.get("uri"),
    }


def show(show: Json) -> Iterator[Row]:
    if show.get("id"):
        yield (
            "shows",
            {
                "show_id": show["id"],
                "name": show.get("name"),
                "publisher": scalar(show.get("publisher")),
                "description": show.get("description"),
                "media_type": show.get("media_type"),
                "languages": joined(show.get("languages")),
                "explicit": show.get("explicit"),
                "total_episodes": show.get("total_episodes"),
                "uri": show.get("uri"),
            },
        )


def episode(episode: Json) -> Iterator[Row]:
    if episode.get("id"):
        yield (
            "episodes",
            {
                "episode_id": episode["id"],
                "show_id": (episode.get("show") or {}).get("id"),
                "name": episode.get("name"),
                "description": episode.get("description"),
                "duration_ms": scalar(episode.get("duration_ms")),
                "release_date": episode.get("release_date"),
                "release_date_precision": episode.get("release_date_precision"),
                "languages": joined(episode.get("languages")),
                "explicit": episode.get("explicit"),
                "uri": episode.get("uri"),
            },
        )
        yield from show(episode.get("show") or {})


def audiobook(book: Json) -> Iterator[Row]:
    if book.get("id"):
        yield (
            "audiobooks",
            {
                "audiobook_id": book["id"],
                "name": book.get("name"),
                "authors": joined(book.get("authors")),
                "narrators": joined(book.get("narrators")),
                "publisher": scalar(book.get("publisher")),
                "edition": book.get("edition"),
                "languages": joined(book.get("languages")),
                "media_type": book.get("media_type"),
                "explicit": book.get("explicit"),
                "total_chapters": book.get("total_chapters"),
                "uri": book.get("uri"),
            },
        )
