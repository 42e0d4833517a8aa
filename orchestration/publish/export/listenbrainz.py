"""The listens as an archive that ListenBrainz imports: zip with JSON lines, one file for each month.

The names and the form are those of ListenBrainz's own export (listenbrainz/background/export.py of
metabrainz/listenbrainz-server), which its importer reads (listenbrainz/background/listens_importer/listenbrainz.py).
It takes up to 500 files, refuses a listen with an empty title or a length of 0, and writes its own name into
submission_client. Koito reads the file too, if its name has the word listenbrainz (engine/engine.go of gabehf/Koito),
and takes the artists from artist_names. The fields: https://listenbrainz.readthedocs.io/en/latest/users/json.html;
artist_names is a field of ListenBrainz's own connection to Spotify (listenbrainz/listens_importer/spotify.py). A key
without a value is left out, as that page asks.
"""

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb

from orchestration.publish.export.listens import Listen, listens
from orchestration.publish.export.tables import replacing

FILE = "listenbrainz.zip"


def write(db: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write `listenbrainz.zip`."""
    with replacing(target / FILE) as new, ZipFile(new, "w", ZIP_DEFLATED) as archive:
        for (year, month), group in groupby(listens(db), lambda each: (each.moment.year, each.moment.month)):
            archive.writestr(f"listens/{year}/{month}.jsonl", _lines(group))


def _lines(group: Iterable[Listen]) -> str:
    return "".join(json.dumps(as_json(listen), ensure_ascii=False) + "\n" for listen in group)


def as_json(listen: Listen) -> dict[str, object]:
    """One listen as ListenBrainz takes it. `duration_played` is in seconds."""
    address = f"https://open.spotify.com/track/{listen.track_id}" if listen.track_id else None
    info = {
        "submission_client": "spotify-elt",
        "music_service": "spotify.com" if address else None,
        "origin_url": address,
        "spotify_id": address,
        "artist_names": listen.artists,
        "isrc": listen.isrc,
        "tracknumber": None if listen.track_number is None else str(listen.track_number),
        "duration_ms": listen.duration_ms,
        "duration_played": None if listen.ms_played is None else listen.ms_played // 1000,
    }
    track = {"artist_name": ", ".join(listen.artists), "track_name": listen.title, "release_name": listen.album or None}
    known = {name: value for name, value in track.items() if value is not None}
    filled = {name: value for name, value in info.items() if value is not None}
    return {"listened_at": listen.listened_at, "track_metadata": known | {"additional_info": filled}}
