"""Directed changes of the account, at the moment where the clock stands."""

from typing import Any

from pipelines.demo.api_me import NOTHING, with_oddity
from pipelines.demo.chance import chance, skewed
from pipelines.demo.clock import moment, to_the_millisecond, to_the_second
from pipelines.demo.listening import Play
from pipelines.demo.playlist import Edit, Entry, Playlist
from pipelines.demo.playlists import LISTENER
from pipelines.demo.spoken import EPISODES_PER_SHOW, SHOWS
from pipelines.demo.world import World

Json = dict[str, Any]

SINGULAR = {
    "tracks": "track",
    "albums": "album",
    "shows": "show",
    "episodes": "episode",
    "audiobooks": "audiobook",
    "artists": "artist",
}


def change(world: World, wish: Json) -> Json:
    """Carries a wish out; the answer names what it touched."""
    match wish["op"]:
        case "unsave":
            return unsave(world, wish)
        case "save":
            return save(world, wish)
        case "play":
            return play(world, wish)
        case "remove_playlist":
            return edit(world, wish, "drop")
        case "empty_playlist":
            return edit(world, wish, "empty")
        case "rename_playlist":
            return edit(world, wish, "rename", text=str(wish.get("description", "renamed")))
        case "remove_item":
            return edit(world, wish, "remove")
        case "add_item":
            return edit(world, wish, "add", added=(entry(world, wish),))
        case unknown:
            raise ValueError(f"no such op: {unknown}")


def unsave(world: World, wish: Json) -> Json:
    """Ends a save: `kind`, with the `id` or the `index` in the listing."""
    kind = wish.get("kind", "tracks")
    if "id" in wish:
        item = world.ids.number(SINGULAR[kind], wish["id"])
    else:
        row = with_oddity(kind, world.shelves[kind].at(world.now))[wish.get("index", 0)]
        item = None if row is NOTHING else row.item
    if item is None:
        raise ValueError("that place holds nothing that can be un-saved")
    world.shelves[kind].unsave(item, world.now)
    return {"kind": kind, "id": world.ids.of(SINGULAR[kind], item)}


def save(world: World, wish: Json) -> Json:
    """Saves `id`, or something new, at `added_at`, or now."""
    kind = wish.get("kind", "tracks")
    shelf = world.shelves[kind]
    added_at = moment(wish["added_at"]) if "added_at" in wish else world.now
    given = world.ids.number(SINGULAR[kind], wish["id"]) if "id" in wish else None
    item = given if given is not None else shelf.unused(world.now, str(len(shelf.directed)))
    shelf.save(item, added_at)
    return {"kind": kind, "id": world.ids.of(SINGULAR[kind], item), "added_at": to_the_second(added_at)}


def play(world: World, wish: Json) -> Json:
    """A play that ended at `played_at`, or now, and shows up only from this moment on."""
    ended_at = moment(wish["played_at"]) if "played_at" in wish else world.now
    listening = world.listening
    given = world.ids.number("track", wish["id"]) if "id" in wish else None
    draw = chance(world.options.seed, "late play", len(listening.directed))
    track = given if given is not None else skewed(draw, world.catalogue.tracks, 3)
    listening.directed.append(Play(ended_at, track, None))
    return {"id": world.ids.of("track", track), "played_at": to_the_millisecond(ended_at)}


def edit(world: World, wish: Json, kind: str, added: tuple[Entry, ...] = (), text: str = "") -> Json:
    """An edit of the playlist that is named by `playlist`: its id, or its index in the listing."""
    found = playlist_of(world, wish.get("playlist", 0))
    index = wish.get("index", 0)
    share = (index + 0.5) / max(1, len(found.entries))
    world.playlists.direct(Edit(world.now, found.number, kind, share, added, text))
    return {"id": world.ids.of("playlist", found.number)}


def playlist_of(world: World, named: str | int) -> Playlist:
    """A playlist by its id or its index."""
    lists = world.playlists.at(world.now)
    if isinstance(named, int):
        return lists[named]
    number = world.ids.number("playlist", named)
    return next(playlist for playlist in lists if playlist.number == number)


def entry(world: World, wish: Json) -> Entry:
    """A new place of a playlist: `item` is track (the default), episode, local or null; `id` names a track."""
    kind = wish.get("item", "track")
    draw = chance(world.options.seed, "added item", len(world.playlists.directed))
    number = skewed(draw, world.catalogue.tracks, 2)
    if kind == "episode":
        number = draw.randrange(SHOWS) * EPISODES_PER_SHOW
    given = world.ids.number("track", wish["id"]) if "id" in wish else None
    return Entry(kind, number if given is None else given, world.now, LISTENER)
