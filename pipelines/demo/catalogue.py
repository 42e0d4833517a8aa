"""The music there is: artists, their albums, their tracks, each a pure function of the seed with a number."""

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from pipelines.demo import names
from pipelines.demo.chance import chance, pick

ALBUM_LENGTHS = ((12, 10, 1, 8, 5), (9, 11, 1, 1, 14), (20, 1, 10, 1, 4))
"""Tracks per album; three kinds of artist, so that a track's number alone tells its album."""

PRECISIONS = (("day", 10),) * 84 + (("month", 7),) * 5 + (("year", 4),) * 10 + (("year", 0),)
"""How exactly a release date is known, in a hundred albums; with its length as text, 0 for an unknown one.

Dealt out by number, not drawn: every library holds each kind, the unknown one with the favourite artist's fourth album.
"""

ALBUMS_PER_ARTIST = 5
TRACKS_PER_ARTIST = 36
SMALLEST_CATALOGUE = 1_200


@dataclass(frozen=True, slots=True)
class Artist:
    """`genres` is empty for about half of all artists, `has_images` false for a few, as in recorded answers."""

    number: int
    name: str
    genres: tuple[str, ...]
    popularity: int
    followers: int
    has_images: bool


@dataclass(frozen=True, slots=True)
class Album:
    """`released` has the length its precision says; year `0000` is what the Web API gives for an unknown date."""

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
    """A single carries a recording of an album too: same name, same ISRC, another id."""

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
    """`artists` bounds it: an eighth of the saved tracks, and never less than 1,200."""

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
        """The first track number of the same recording."""
        album = self.album_of(track)
        return (
            track - track % TRACKS_PER_ARTIST + album % ALBUMS_PER_ARTIST if len(self.tracks_of(album)) == 1 else track
        )

    def recording_name(self, track: int) -> str:
        """The title of a recording."""
        return self._title(chance(self.seed, "recording", self.recording(track)))

    def _title(self, draw: Random) -> str:
        """One title in 500 is empty, as of a track that was taken down."""
        return "" if draw.random() < 0.002 else names.title(draw)

    def duration_ms(self, track: int) -> int:
        """Two to five and a half minutes, by a hash: a year of listening asks it of every play."""
        mixed = (self.recording(track) + self.seed) * 2_654_435_761 & 0xFFFFFFFF
        mixed = (mixed ^ mixed >> 15) * 2_246_822_519 & 0xFFFFFFFF
        return 120_000 + (mixed ^ mixed >> 13) % 210_000

    def tracks_of(self, album: int) -> range:
        """The numbers of an album's tracks."""
        artist, place = divmod(album, ALBUMS_PER_ARTIST)
        lengths = ALBUM_LENGTHS[artist % len(ALBUM_LENGTHS)]
        first = artist * TRACKS_PER_ARTIST + sum(lengths[:place])
        return range(first, first + lengths[place])

    def album_of(self, track: int) -> int:
        """The number of a track's album."""
        artist, rest = divmod(track, TRACKS_PER_ARTIST)
        for place, length in enumerate(ALBUM_LENGTHS[artist % len(ALBUM_LENGTHS)]):
            if rest < length:
                return artist * ALBUMS_PER_ARTIST + place
            rest -= length
        raise ValueError(f"no album holds track {track}")
