"""Tracks, albums and artists as rows of the catalogue tables; pure functions.

Development mode leaves keys out. Extended-quota mode has the old and the new name of a key side by side; the new name
is read first. An absent key is null. Spotify has two shapes of an object, full and simplified: `object_form` keeps
their rows apart, so that a simplified object never replaces a value of a full one by null.
Source: Web API reference, objects Track, Album and Artist, seen in November 2026.
"""

from collections.abc import Iterable, Iterator

from pipelines.spotify.rows.element import Json, Row, scalar


def track_uri(track: Json) -> str | None:
    return track.get("uri") or (f"spotify:track:{track['id']}" if track.get("id") else None)


def track(track: Json) -> Iterator[Row]:
    """Rows of a full track, its artists and its simplified album. A local file has a uri and no id."""
    uri = track_uri(track)
    if not uri:
        return
    album: Json = track.get("album") or {}
    # is_playable is left out: only some lists send it, so the row would change with the list that was read last.
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
    """Rows of the credited artists in their order, and of their simplified artist objects."""
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
