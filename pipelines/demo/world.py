"""All that the routes answer from: the person, the clock, the switches."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipelines.demo.catalogue import TRACKS_PER_ARTIST, Catalogue
from pipelines.demo.chance import skewed
from pipelines.demo.clock import DAY, FIRST_DAY
from pipelines.demo.ids import Ids
from pipelines.demo.library import Habit, Shelf
from pipelines.demo.listening import Listening
from pipelines.demo.playlists import Playlists
from pipelines.demo.spoken import AUDIOBOOKS, SHOWS, Spoken
from pipelines.demo.tops import Tops

Json = dict[str, Any]

SCOPES = (
    "playlist-read-collaborative playlist-read-private user-follow-read user-library-read user-read-currently-playing "
    "user-read-email user-read-playback-position user-read-playback-state user-read-private "
    "user-read-recently-played user-top-read"
)


@dataclass(frozen=True)
class Options:
    """What a server is started with; `now` is a moment, `playlist_items` None means 5 to 150 of them."""

    now: int
    seed: int = 1
    size: int = 400
    playlists: int = 12
    playlist_items: int | None = None
    mode: str = "development"
    latency_ms: float = 0


@dataclass
class Switches:
    """What the control API may turn; the values here are how a server starts."""

    mode: str = "development"
    """`development` or `extended`: section 2 of the quota-modes page."""
    premium: bool = True
    """False: the app's owner lapsed, every call answers 403 in plain text."""
    listed_user: bool = True
    """False: the user is not among the five of the dashboard, every call of theirs answers 403."""
    rotation: bool = False
    """True: every refresh gives a new refresh token and revokes the old one."""
    omit_refresh_token: bool = False
    """True: the answer to an authorization code holds no refresh token."""
    granted_scope: str | None = None
    """Scopes granted at most, by consents old and new; None grants what was asked."""
    deny: bool = False
    """True: /authorize redirects with `error=access_denied`."""
    users_path_in_next: bool = False
    """True: pages of /me/playlists name /users/{id}/playlists in `href`, `next` and `previous`."""
    short_pages: bool = False
    """True: `total` counts hidden rows, which leave pages shorter than `limit`."""
    etag: bool = False
    """True: answers carry an ETag, and a matching If-None-Match is answered with 304."""
    playing: bool = False
    """True: the player is on; False: its state is 204."""


@dataclass
class World:
    """One invented person with a clock that stands still until it is moved."""

    options: Options
    base_url: str = ""
    now: int = 0
    switches: Switches = field(default_factory=Switches)

    def __post_init__(self) -> None:
        options = self.options
        self.now = options.now
        self.switches.mode = options.mode
        self.ids = Ids(options.seed)
        self.catalogue = Catalogue(options.seed, options.size)
        self.spoken = Spoken(options.seed)
        self.playlists = Playlists(options.seed, self.catalogue, options.playlists, options.playlist_items)
        self.shelves = {habit.kind: Shelf(options.seed, habit) for habit in habits(options.size, self)}
        self.listening = Listening(options.seed, self.catalogue, options.playlists, self.liked)
        self.tops = Tops(self.listening)
        self.liked_tracks: list[int] = []

    @property
    def extended(self) -> bool:
        """Whether the app has extended quota."""
        return self.switches.mode == "extended"

    @property
    def today(self) -> int:
        """The clock's day, counted from 1970."""
        return self.now // DAY

    def liked(self) -> list[int]:
        """The track numbers that were saved long ago."""
        if not self.liked_tracks:
            self.liked_tracks = [save.item for save in self.shelves["tracks"].long_settled()]
        return self.liked_tracks


def habits(size: int, world: World) -> tuple[Habit, ...]:
    """How each listing of the library grows; the numbers are those of a keen listener."""
    catalogue, spoken = world.catalogue, world.spoken

    def album(draw: Random, day: int) -> int:
        return skewed(draw, catalogue.albums, 2)

    def track(draw: Random, day: int) -> int:
        if day and draw.random() < 0.5:
            favourites = world.listening.favourites(day)
            return draw.choice(favourites) * TRACKS_PER_ARTIST + draw.randrange(TRACKS_PER_ARTIST)
        return skewed(draw, catalogue.tracks, 2.5)

    def episode(draw: Random, day: int) -> int:
        return draw.choice(spoken.episodes_of(draw.randrange(SHOWS), day or FIRST_DAY)[-6:])

    return (
        Habit("tracks", size, track, a_day=4, undone=0.12, tried=2),
        Habit("albums", max(1, size // 20), album, a_day=0.2, undone=0.1, untidy_days=300),
        Habit("shows", 8, lambda draw, day: draw.randrange(SHOWS), a_day=0.01),
        Habit("episodes", 12, episode, a_day=0.4, undone=0.8, tried=0.2),
        Habit("audiobooks", 5, lambda draw, day: draw.randrange(AUDIOBOOKS), a_day=0.01),
        Habit(
            "artists", max(1, size // 10), lambda draw, day: skewed(draw, catalogue.artists, 2), a_day=0.2, undone=0.05
        ),
    )
