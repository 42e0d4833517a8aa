"""How the records of an extended streaming history are spread over files."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from pipelines.demo.exports.generations import Generation
from pipelines.demo.exports.layouts import Record, in_parts
from pipelines.demo.world.chance import chance

MOST_RECORDS = 16_000
"""Real files are up to 13 MB."""

REPEATED = 0.01
"""The share of records that the second generation repeats in another file, with another user agent."""


def files(
    records: Sequence[Record], videos: Sequence[Record], generation: Generation
) -> Iterator[tuple[str, Sequence[Record]]]:
    """Names of files, without the folder, and their records."""
    match generation.files:
        case "shards":
            yield from _shards(records, generation)
            if videos:
                yield "endvideo.json", _shuffled(videos)
        case "parts":
            for number, part in enumerate(in_parts(sorted(records, key=itemgetter("ts")), MOST_RECORDS)):
                yield f"Streaming_History_Audio_{_years(part)}_{number}.json", part
            if videos:
                part = sorted(videos, key=itemgetter("ts"))
                yield f"Streaming_History_Video_{_years(part)}.json", part
        case _:
            yield from _by_year("Audio", records)
            yield from _by_year("Video", videos)


def _shards(records: Sequence[Record], generation: Generation) -> Iterator[tuple[str, Sequence[Record]]]:
    """Each shard has records of all years."""
    draw = chance("repeats")
    again = [
        record | {"user_agent_decrypted": "zz-private-user-agent/3.0"}
        for record in records
        if generation.has_repeats and draw.random() < REPEATED
    ]
    mixed = _shuffled([*records, *again])
    size = min(MOST_RECORDS, len(mixed) // 2 + 1)
    for number, part in enumerate(in_parts(mixed, size)):
        yield f"endsong_{number}.json", part


def _by_year(kind: str, records: Sequence[Record]) -> Iterator[tuple[str, Sequence[Record]]]:
    """One file a year, with a number only where a year needs several. Records are not sorted by `ts`."""
    in_order = sorted(records, key=itemgetter("ts"))
    for year, of_year in groupby(in_order, key=lambda record: str(record["ts"])[:4]):
        for number, part in enumerate(in_parts(list(of_year), MOST_RECORDS)):
            yield f"Streaming_History_{kind}_{year}{f'_{number}' if number else ''}.json", _shuffled(part)


def _years(records: Sequence[Record]) -> str:
    first, last = records[0]["ts"][:4], records[-1]["ts"][:4]
    return first if first == last else f"{first}-{last}"


def _shuffled(records: Sequence[Record]) -> list[Record]:
    mixed = list(records)
    chance("order", len(mixed)).shuffle(mixed)
    return mixed
