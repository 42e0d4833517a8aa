"""Tracks, albums and artists as rows of the catalogue tables; pure functions.

Development mode leaves keys out. Extended-quota mode has the old and the new name of a key side by side; the new name
is read first. An absent key is null. Spotify has two shapes of an object, full and simplified: `object_form` keeps
their rows apart, so that a simplified object never replaces a value of a full one by null.
Source: Web API reference, objects Track, Album and Artist, seen in November 2026.
"""

from collections.abc import Iterator
from typing import Any

from pipelines.raw.values import Unfit, kind_of
from pipelines.spotify.rows.element import Json, Row, as_object, entries, image_url, part


def track_uri(track: Json) -> Any:
    """The URI of a track, made from its id when Spotify sends no text. An odd value only if there is no id either."""
    uri, track_id = track.get("uri"), track.get("id")
    has_id = isinstance(track_id, str) and track_id
    return uri if (isinstance(uri, str) and uri) or not has_id else f"spotify:track:{track_id}"


def track(track: Json) -> Iterator[Row]:
    """Rows of a full track, its artists and its simplified album. A local file has a uri and no id."""
    uri = track_uri(track)
    if not uri:
        return
    album = part(track, "album")
    # is_playable is left out: only some lists send it, so the row would change with the list that was read last.
    yield (
        "tracks",
        {
            "track_uri": uri,
            "track_id": track.get("id"),
            "name": track.get("name"),
            "duration_ms": track.get("duration_ms"),
            "explicit": track.get("explicit"),
            "disc_number": track.get("disc_number"),
            "track_number": track.get("track_number"),
            "is_local": track.get("is_local"),
            "isrc": part(track, "external_ids").get("isrc"),
            "popularity": track.get("popularity"),
            "album_id": album.get("id"),
            "album_name": album.get("name"),
        },
    )
    yield from credits("track_artists", "track_uri", uri, track)
    yield from simplified_album(album)


def credits(table: str, key: str, value: str, thing: Json) -> Iterator[Row]:
    """Rows of the credited artists in their order, and of their simplified artist objects."""
    artists = entries(thing, "artists")
    if isinstance(artists, Unfit):
        yield table, {key: value, "position": artists, "artist_id": None, "artist_name": None}
        return
    for position, artist in enumerate(map(as_object, artists), start=1):
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
                    "image_url": None,
                    "uri": artist.get("uri"),
                },
            )


def full_artist(artist: Json) -> Iterator[Row]:
    if not artist.get("id"):
        return
    listed = entries(artist, "genres")
    genres: list[Any] = [] if isinstance(listed, Unfit) else listed
    names = {genre for genre in genres if isinstance(genre, str)}
    total = None if artist.get("genres") is None else len(names)
    yield (
        "artists",
        {
            "artist_id": artist["id"],
            "object_form": "full",
            "name": artist.get("name"),
            "genres_total": listed if isinstance(listed, Unfit) else total,
            "popularity": artist.get("popularity"),
            "followers_total": part(artist, "followers").get("total"),
            "image_url": image_url(artist),
            "uri": artist.get("uri"),
        },
    )
    odd = [Unfit(kind_of(genre)) for genre in genres if not isinstance(genre, str)]
    for genre in [*sorted(names), *odd]:
        yield "artist_genres", {"artist_id": artist["id"], "genre": genre}


def simplified_album(album: Json) -> Iterator[Row]:
    if album.get("id"):
        yield "albums", _album(album, "simplified")
        yield from credits("album_artists", "album_id", album["id"], album)


def full_album(album: Json) -> Iterator[Row]:
    if album.get("id"):
        codes = part(album, "external_ids")
        full = {"upc": codes.get("upc"), "label": album.get("label"), "popularity": album.get("popularity")}
        yield "albums", _album(album, "full") | full
        yield from credits("album_artists", "album_id", album["id"], album)


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
        "image_url": image_url(album),
        "uri": album.get("uri"),
    }
