"""Users, playlists, playlist items and plays."""

from typing import Any

from pipelines.demo.shapes.music import API, OPEN, Music, images, local_file
from pipelines.demo.shapes.spoken import Speech
from pipelines.demo.world.clock import to_the_millisecond, to_the_second
from pipelines.demo.world.play import Play
from pipelines.demo.world.playlist import Entry, Playlist
from pipelines.demo.world.playlists import FRIEND, LISTENER

Json = dict[str, Any]

NAMES = {LISTENER: "Demo Listener", FRIEND: "Demo Friend", "spotify": "Spotify"}
ACCOUNT_ID = "demo-account-0001"


def small_user(user: str) -> Json:
    """A user in `added_by`."""
    return {
        "external_urls": {"spotify": f"{OPEN}/user/{user}"},
        "href": f"{API}/users/{user}",
        "id": user,
        "type": "user",
        "uri": f"spotify:user:{user}",
    }


def owner(user: str) -> Json:
    """A user in `owner` of a playlist."""
    return small_user(user) | {"display_name": NAMES.get(user, user)}


def profile(extended: bool) -> Json:
    """The listener's profile."""
    shape = owner(LISTENER) | {"account_id": ACCOUNT_ID, "images": images("user", LISTENER)[1:]}
    if extended:
        shape |= {
            "country": "GB",
            "email": "listener@demo.example",
            "explicit_content": {"filter_enabled": False, "filter_locked": False},
            "followers": {"href": None, "total": 3},
            "product": "premium",
        }
    return shape


class Person:
    """Builds the objects of one mode."""

    def __init__(self, music: Music, speech: Speech) -> None:
        self.music = music
        self.speech = speech
        self.extended = music.extended

    def playlist(self, playlist: Playlist, items: Json | None) -> Json:
        """A playlist in a list. `items` refers to its items; None hides them."""
        covers = images("playlist", self.music.ids.of("playlist", playlist.number))
        shape = self.music.frame("playlist", playlist.number) | {
            "collaborative": playlist.kind == "collaborative",
            "description": playlist.description,
            "images": covers[:1] if playlist.entries else None,
            "name": playlist.name,
            "owner": owner(playlist.owner),
            "primary_color": None,
            "public": playlist.public,
            "snapshot_id": playlist.snapshot_id,
        }
        if items is not None:
            shape |= {"items": items, "tracks": items} if self.extended else {"items": items}
        return shape

    def entry(self, entry: Entry, today: int) -> Json:
        """An item of a playlist. Extended quota shows the track under its old key too."""
        item = self._item(entry, today)
        if item is not None and self.extended:
            item |= {"episode": item["type"] == "episode", "track": item["type"] == "track"}
        shape: Json = {
            "added_at": None if entry.added_at is None else to_the_second(entry.added_at),
            "added_by": None if entry.added_by is None else small_user(entry.added_by),
            "is_local": entry.kind == "local",
            "item": item,
            "primary_color": None,
            "video_thumbnail": {"url": None},
        }
        return shape | ({"track": item} if self.extended else {})

    def play(self, play: Play) -> Json:
        """A play. `played_at` is when it ended."""
        return {
            "context": self._context(play.context),
            "played_at": to_the_millisecond(play.ended_at),
            "track": self.music.track(play.item),
        }

    def _item(self, entry: Entry, today: int) -> Json | None:
        match entry.kind:
            case "track":
                return self.music.track(entry.item)
            case "episode":
                return self.speech.episode(entry.item, today)
            case "local":
                return local_file(entry.item, self.extended)
            case _:
                return None

    def _context(self, context: tuple[str, int] | None) -> Json | None:
        if context is None:
            return None
        kind, number = context
        if kind == "collection":
            return {
                "external_urls": {"spotify": f"{OPEN}/collection/tracks"},
                "href": f"{API}/me/tracks",
                "type": "collection",
                "uri": f"spotify:user:{LISTENER}:collection",
            }
        frame = self.music.frame(kind, number)
        return {key: frame[key] for key in ("external_urls", "href", "type", "uri")}
