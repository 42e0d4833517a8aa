"""Artists, albums and tracks. Each is computed from the seed and its number; nothing is stored."""

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from pipelines.demo.world import names
from pipelines.demo.world.chance import chance, pick

ALBUM_LENGTHS = ((12, 10, 1, 8, 5), (9, 11, 1, 1, 14), (20, 1, 10, 1, 4))
"""Tracks on each of an artist's five albums, for three kinds of artist. Every artist has 36 tracks."""

PRECISIONS = (("day", 10),) * 84 + (("month", 7),) * 5 + (("year", 4),) * 10 + (("year", 0),)
"""Precision of the release date and its length as text, for 100 albums. Length 0 is an unknown date.

The album's number chooses the entry, so that every library has albums of each precision.
"""

ALBUMS_PER_ARTIST = 5
TRACKS_PER_ARTIST = 36
SMALLEST_CATALOGUE = 1_200


@dataclass(frozen=True, slots=True)
class Artist:
    """About half of all artists have no genres and a few have no images, as in recorded answers."""

    number: int
    name: str
    genres: tuple[str, ...]
    popularity: int
    followers: int
    has_images: bool


@dataclass(frozen=True, slots=True)
class Album:
    """`released` is as long as its precision. The Web API gives `0000` for an unknown date."""

    number: int
    name: str
    artist: int
    kind: str
    tracks: range
    released: str
    precision: str
    upc: str
    label: str
    popularity: int


@dataclass(frozen=True, slots=True)
class Track:
    """A single has the same name and ISRC as a track of an album, but an id of its own."""

    number: int
    name: str
    album: int
    position: int
    artists: tuple[int, ...]
    explicit: bool
    isrc: str
    playable: bool
    popularity: int


class Catalogue:
    """It has one artist for every eight saved tracks, and at least 1,200 artists."""

    def __init__(self, seed: int, saved_tracks: int) -> None:
        self.seed = seed
        self.artists = max(SMALLEST_CATALOGUE, saved_tracks // 8)
        self.albums = self.artists * ALBUMS_PER_ARTIST
        self.tracks = self.artists * TRACKS_PER_ARTIST
        self.artist = lru_cache(20_000)(self._artist)
        self.album = lru_cache(20_000)(self._album)
        self.track = lru_cache(5_000)(self._track)

    def _artist(self, number: int) -> Artist:
        draw = chance(self.seed, "artist", number)
        genres = draw.sample(names.GENRES, draw.choice((0, 0, 0, 1, 2, 3)))
        followers = int(10 ** draw.uniform(1, 6))
        return Artist(number, names.artist(draw), tuple(genres), draw.randrange(100), followers, draw.random() > 0.04)

    def _album(self, number: int) -> Album:
        draw = chance(self.seed, "album", number)
        tracks = self.tracks_of(number)
        kind = "single" if len(tracks) < 6 else pick(draw, ("album", "album", "album", "compilation"))
        year, month, day = (int(low + span * draw.random()) for low, span in ((1968, 57), (1, 12), (1, 28)))
        precision, length = PRECISIONS[(37 * number - 12) % 100]
        return Album(
            number=number,
            name=self.recording_name(tracks[0]) if len(tracks) == 1 else names.title(draw),
            artist=number // ALBUMS_PER_ARTIST,
            kind=kind,
            tracks=tracks,
            released=f"{year}-{month:02d}-{day:02d}"[:length] or "0000",
            precision=precision,
            upc=f"{int(draw.random() * 10**12):012d}",
            label=f"{names.word(draw)} Records",
            popularity=int(90 * draw.random()),
        )

    def _track(self, number: int) -> Track:
        recording = self.recording(number)
        draw = chance(self.seed, "recording", recording)
        name = self._title(draw)
        artist = number // TRACKS_PER_ARTIST
        guests = (int(self.artists * draw.random()),) if draw.random() < 0.1 else ()
        album = self.album_of(number)
        return Track(
            number=number,
            name=name,
            album=album,
            position=number - self.tracks_of(album)[0] + 1,
            artists=(artist, *(guest for guest in guests if guest != artist)),
            explicit=draw.random() < 0.15,
            isrc=f"QZ{pick(draw, 'ABCDEFGHJK')}{int(draw.random() * 10**9):09d}",
            playable=draw.random() > 0.01,
            popularity=int(90 * draw.random()),
        )

    def recording(self, track: int) -> int:
        """The number that all tracks of the same recording share: that of the first one."""
        album = self.album_of(track)
        return (
            track - track % TRACKS_PER_ARTIST + album % ALBUMS_PER_ARTIST if len(self.tracks_of(album)) == 1 else track
        )

    def recording_name(self, track: int) -> str:
        return self._title(chance(self.seed, "recording", self.recording(track)))

    def _title(self, draw: Random) -> str:
        """One title in 500 is empty, as for a track that was taken down."""
        return "" if draw.random() < 0.002 else names.title(draw)

    def duration_ms(self, track: int) -> int:
        """Two to five and a half minutes. A hash is used because it is fast: every play asks for a duration."""
        mixed = (self.recording(track) + self.seed) * 2_654_435_761 & 0xFFFFFFFF
        mixed = (mixed ^ mixed >> 15) * 2_246_822_519 & 0xFFFFFFFF
        return 120_000 + (mixed ^ mixed >> 13) % 210_000

    def tracks_of(self, album: int) -> range:
        artist, place = divmod(album, ALBUMS_PER_ARTIST)
        lengths = ALBUM_LENGTHS[artist % len(ALBUM_LENGTHS)]
        first = artist * TRACKS_PER_ARTIST + sum(lengths[:place])
        return range(first, first + lengths[place])

    def album_of(self, track: int) -> int:
        artist, rest = divmod(track, TRACKS_PER_ARTIST)
        for place, length in enumerate(ALBUM_LENGTHS[artist % len(ALBUM_LENGTHS)]):
            if rest < length:
                return artist * ALBUMS_PER_ARTIST + place
            rest -= length
        raise ValueError(f"no album holds track {track}")
