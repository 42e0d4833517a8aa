"""Artists, albums and tracks. Development mode lacks some keys of extended quota.

`href` of an object always names https://api.spotify.com, so that answers do not depend on the server's port.
"""

from typing import Any

from pipelines.demo.world.catalogue import Catalogue
from pipelines.demo.world.ids import Ids

Json = dict[str, Any]

API = "https://api.spotify.com/v1"
OPEN = "https://open.spotify.com"
IMAGES = "https://images.demo.example"
MARKETS = ["AU", "CA", "GB", "IE", "NZ", "US"]


def images(kind: str, id: str) -> list[Json]:
    """Three sizes of one image, largest first."""
    return [{"url": f"{IMAGES}/{kind}/{size}/{id}", "height": size, "width": size} for size in (640, 300, 64)]


class Music:
    """Builds the objects of one mode. Artists and albums inside other objects are cached, as they repeat."""

    def __init__(self, catalogue: Catalogue, ids: Ids, extended: bool) -> None:
        self.catalogue = catalogue
        self.ids = ids
        self.extended = extended
        self.small_artists: dict[int, Json] = {}
        self.small_albums: dict[int, Json] = {}

    def frame(self, kind: str, number: int) -> Json:
        """The keys of every object."""
        id = self.ids.of(kind, number)
        return {
            "external_urls": {"spotify": f"{OPEN}/{kind}/{id}"},
            "href": f"{API}/{kind}s/{id}",
            "id": id,
            "type": kind,
            "uri": f"spotify:{kind}:{id}",
        }

    def small_artist(self, number: int) -> Json:
        """An artist inside another object."""
        if number not in self.small_artists:
            self.small_artists[number] = self.frame("artist", number) | {"name": self.catalogue.artist(number).name}
        return self.small_artists[number]

    def artist(self, number: int) -> Json:
        """A full artist object."""
        artist = self.catalogue.artist(number)
        shape = self.small_artist(number) | {
            "genres": list(artist.genres),
            "images": images("artist", self.ids.of("artist", number)) if artist.has_images else [],
        }
        if self.extended:
            shape |= {"followers": {"href": None, "total": artist.followers}, "popularity": artist.popularity}
        return shape

    def small_album(self, number: int) -> Json:
        """An album inside a track."""
        if number not in self.small_albums:
            album = self.catalogue.album(number)
            shape = self.frame("album", number) | {
                "album_type": album.kind,
                "artists": [self.small_artist(album.artist)],
                "images": images("album", self.ids.of("album", number)),
                "is_playable": True,
                "name": album.name,
                "release_date": album.released,
                "release_date_precision": album.precision,
                "total_tracks": len(album.tracks),
            }
            self.small_albums[number] = shape | ({"available_markets": MARKETS} if self.extended else {})
        return self.small_albums[number]

    def album(self, number: int, first_page: Json) -> Json:
        """A full album object with the first page of its tracks."""
        album = self.catalogue.album(number)
        shape = self.small_album(number) | {
            "copyrights": [{"text": f"(C) {album.released[:4]} {album.label}", "type": "C"}],
            "external_ids": {"upc": album.upc},
            "genres": [],
            "tracks": first_page,
        }
        return shape | ({"label": album.label, "popularity": album.popularity} if self.extended else {})

    def small_track(self, number: int) -> Json:
        """A track inside an album. It has no ISRC."""
        track = self.catalogue.track(number)
        shape = self.frame("track", number) | {
            "artists": [self.small_artist(artist) for artist in track.artists],
            "disc_number": 1 + track.position // 16,
            "duration_ms": self.catalogue.duration_ms(number),
            "explicit": track.explicit,
            "is_local": False,
            "is_playable": track.playable,
            "name": track.name,
            "preview_url": None,
            "track_number": track.position,
        }
        if not track.playable:
            shape["restrictions"] = {"reason": "market"}
        return shape | ({"available_markets": MARKETS} if self.extended else {})

    def track(self, number: int) -> Json:
        """A full track object. One in 50 was relinked, which only extended quota shows."""
        track = self.catalogue.track(number)
        shape = self.small_track(number) | {
            "album": self.small_album(track.album),
            "external_ids": {"isrc": track.isrc},
        }
        if self.extended:
            shape["popularity"] = track.popularity
            if number % 50 == 0:
                shape["linked_from"] = self.frame("track", number + 1)
        return shape


def local_file(number: int, extended: bool) -> Json:
    """A file on the listener's computer: it has no id and no album, and its names are part of its URI."""
    name = f"Rehearsal+{number % 90}"
    shape: Json = {
        "album": {
            "album_type": None,
            "artists": [],
            "external_urls": {},
            "href": None,
            "id": None,
            "images": [],
            "name": "Home tapes",
            "release_date": None,
            "release_date_precision": None,
            "type": "album",
            "uri": None,
        },
        "artists": [{"external_urls": {}, "href": None, "id": None, "name": "Nobody", "type": "artist", "uri": None}],
        "disc_number": 0,
        "duration_ms": 273_000,
        "explicit": False,
        "external_ids": {},
        "external_urls": {},
        "href": None,
        "id": None,
        "is_local": True,
        "name": name.replace("+", " "),
        "preview_url": None,
        "track_number": 0,
        "type": "track",
        "uri": f"spotify:local:Nobody:Home+tapes:{name}:273",
    }
    return shape | ({"available_markets": [], "popularity": 0} if extended else {})
