"""The streaming history of the account's package: one year, and less about each play."""

import json
from collections.abc import Iterator
from operator import itemgetter

from pipelines.demo.exports import private
from pipelines.demo.exports.layouts import Record, in_parts, spaced
from pipelines.demo.exports.records import CHAPTERS_PER_BOOK, heard, ts
from pipelines.demo.world.chance import chance
from pipelines.demo.world.clock import DAY, HOUR, MINUTE, SECOND, to_the_second
from pipelines.demo.world.play import Play
from pipelines.demo.world.world import World

FOLDER = "Spotify Account Data"
MOST_RECORDS = 10_000
MISSING = 0.055
"""Real files lack 4 to 7 % of the plays of 30 seconds or more."""
A_MINUTE_LATER = 0.01
DAYS_OF_STRAY_RECORD = 86
KINDS = {"track": "music", "local": "music", "nameless": "music", "episode": "podcast", "chapter": "audiobook"}


def is_missing(play: Play) -> bool:
    """Whether the file lacks the play."""
    return chance("missing", play.ended_at).random() < MISSING


def end_minute(play: Play) -> int:
    """The moment of `endTime`: the minute of the end. After a pause of an hour it is the minute of the sound's end."""
    end = ts(play) * SECOND
    if play.paused_ms > HOUR:
        end = play.started_at + play.ms_played
    if chance("minute", play.ended_at).random() < A_MINUTE_LATER:
        end += MINUTE
    return end // MINUTE * MINUTE


def record(play: Play, world: World) -> Record:
    """The record of a play."""
    end = {"endTime": to_the_second(end_minute(play)).replace("T", " ")[:16]}
    heard = {"msPlayed": play.ms_played}
    match play.kind:
        case "track":
            track = world.catalogue.track(play.item)
            artist = world.catalogue.artist(world.catalogue.album(track.album).artist)
            return end | {"artistName": artist.name, "trackName": track.name or "Unknown Track"} | heard
        case "episode":
            episode = world.spoken.episode(play.item)
            show = world.spoken.show(episode.show).name
            return end | {"podcastName": show, "episodeName": episode.name} | heard
        case "chapter":
            number, chapter = divmod(play.item, CHAPTERS_PER_BOOK)
            book = world.spoken.audiobook(number)
            names = {"audiobookName": book.name, "chapterName": f"Chapter {chapter + 1}", "authorName": book.author}
            return end | names | heard
        case "local":
            return end | {"artistName": "Nobody", "trackName": f"Rehearsal {play.item}"} | heard
        case _:
            return end | {"artistName": "Unknown Artist", "trackName": "Unknown Track"} | heard


def plays(world: World, start: int, until: int) -> Iterator[Play]:
    """The plays that have a record: each minute, names and `msPlayed` once. A stray one of long before comes first."""
    seen = set()
    first_day = start - DAYS_OF_STRAY_RECORD * DAY
    stray = next(world.history.between(first_day, start), None)
    for play in ([stray] if stray else []) + list(heard(world, start, until)):
        known = tuple(record(play, world).values())
        if known not in seen and (play is stray or not is_missing(play)):
            seen.add(known)
            yield play


def files(world: World, start: int, until: int) -> Iterator[tuple[str, bytes]]:
    """Names of files, without the folder, and their content. The package has other files of the account too."""
    found: dict[str, list[Record]] = {"music": [], "podcast": [], "audiobook": []}
    for play in plays(world, start, until):
        found[KINDS[play.kind]].append(record(play, world))
    for kind, records in found.items():
        rows = sorted(records, key=itemgetter("endTime"))
        for number, part in enumerate(in_parts(rows, MOST_RECORDS)):
            yield f"StreamingHistory_{kind}_{number}.json", spaced(part)
    for name, content in private.ACCOUNT_FILES.items():
        yield name, json.dumps(content).encode()
