"""The record of a play in the extended streaming history."""

from collections.abc import Iterator

from pipelines.demo.exports import private
from pipelines.demo.exports.generations import EPISODE_NAMES, TRACK_NAMES, Generation
from pipelines.demo.exports.layouts import Record
from pipelines.demo.world.chance import chance
from pipelines.demo.world.clock import SECOND, moment, to_the_second
from pipelines.demo.world.play import END_KNOWN_FROM, Play
from pipelines.demo.world.world import World

STARTS_FROM = moment("2016-01-01T00:00:00Z")
SKIPS_NULL_FROM = moment("2016-05-01T00:00:00Z")
VIDEO_OFFLINE_KNOWN_FROM = moment("2024-01-01T00:00:00Z")
PLATFORM_SHORT_FROM = moment("2023-11-01T00:00:00Z")
CHAPTERS_PER_BOOK = 100
RENAMED_ARTIST = 300
"""One artist in 300 has another name in older exports."""


def heard(world: World, start: int, until: int) -> Iterator[Play]:
    """The plays that ended from `start` on and that Spotify has heard of before `until`."""
    return (play for play in world.history.between(start, until) if play.uploaded_at < until)


def ts(play: Play) -> int:
    """The second of `ts`: the end of the play, or before October 2022 when Spotify heard of it.

    Plays that were uploaded together then share one `ts`. Since then one play in a thousand is some seconds early.
    """
    draw = chance("delay", play.uploaded_at)
    luck = draw.random()
    if play.ended_at >= END_KNOWN_FROM:
        return play.ended_at // SECOND - (draw.randrange(1, 5) if luck < 0.001 else 0)
    late = 0 if luck < 0.11 else 1 if luck < 0.78 else 2 if luck < 0.97 else draw.randrange(3, 16)
    return play.uploaded_at // SECOND + late


def start(play: Play, generation: Generation) -> int | None:
    """The value of `offline_timestamp` by the device's clock: first 0, then milliseconds, then seconds."""
    if play.ended_at < END_KNOWN_FROM and generation.has_no_old_start:
        return None
    if play.ended_at < STARTS_FROM:
        return 0
    shown = play.started_at + play.clock_ahead_ms
    return shown if play.ended_at < END_KNOWN_FROM else shown // SECOND


def skipped(play: Play, generation: Generation) -> bool | None:
    if SKIPS_NULL_FROM <= play.ended_at < END_KNOWN_FROM:
        return False if generation.has_new_past else None
    return play.is_skipped


def names(play: Play, world: World, generation: Generation) -> Record:
    """The names and URIs of what was played. Keys that the generation lacks are dropped later."""
    match play.kind:
        case "track":
            track = world.catalogue.track(play.item)
            album = world.catalogue.album(track.album)
            artist = world.catalogue.artist(album.artist)
            is_renamed = artist.number % RENAMED_ARTIST == 0 and not generation.has_new_past
            title = (track.name or None, artist.name.upper() if is_renamed else artist.name, album.name or None)
            uri = f"spotify:track:{world.ids.of('track', play.item)}"
            return dict(zip(TRACK_NAMES, title, strict=True)) | {"spotify_track_uri": uri}
        case "local":
            return dict(zip(TRACK_NAMES, (f"Rehearsal {play.item}", "Nobody", "Home tapes"), strict=True))
        case "episode":
            episode = world.spoken.episode(play.item)
            uri = f"spotify:episode:{world.ids.of('episode', play.item)}"
            spoken = (episode.name, world.spoken.show(episode.show).name)
            return dict(zip(EPISODE_NAMES, spoken, strict=True)) | {"spotify_episode_uri": uri}
        case "chapter":
            number, chapter = divmod(play.item, CHAPTERS_PER_BOOK)
            book = world.spoken.audiobook(number)
            return {
                "audiobook_title": book.name,
                "audiobook_uri": f"spotify:show:{world.ids.of('audiobook', number)}",
                "audiobook_chapter_uri": f"spotify:episode:{world.ids.of('chapter', play.item)}",
                "audiobook_chapter_title": f"Chapter {chapter + 1}",
            }
        case _:
            return {}


def record(play: Play, world: World, generation: Generation) -> Record:
    """The record of a play, with the keys of the generation in their order."""
    is_old_video = play.is_video and play.ended_at < VIDEO_OFFLINE_KNOWN_FROM
    platforms = private.BEFORE_NOVEMBER_2023 if play.ended_at < PLATFORM_SHORT_FROM else private.SINCE
    found: Record = {
        "ts": to_the_second(ts(play) * SECOND),
        "platform": platforms[play.device],
        "ms_played": play.ms_played,
        "conn_country": "ZZ" if play.is_offline else "GB",
        "reason_start": play.reason_start,
        "reason_end": play.reason_end,
        "shuffle": play.is_shuffled,
        "skipped": skipped(play, generation),
        "offline": None if is_old_video else play.is_offline,
        "offline_timestamp": start(play, generation),
        "incognito_mode": play.is_private,
    }
    found |= names(play, world, generation) | private.of_play(play)
    return {key: found.get(key) for key in generation.keys}
