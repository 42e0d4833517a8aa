"""Invented exports of odd shapes: records of each generation, files, and archives as Spotify and others make them."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Record = dict[str, Any]
START = dt.datetime(2024, 3, 1, 18)
# What no table may hold.
PERSONAL = {
    "username": "invented-listener",
    "ip_addr": "203.0.113.9",
    "ip_addr_decrypted": "203.0.113.9",
    "user_agent_decrypted": "Invented%2F1.0",
    "city": "Inventedtown",
    "region": "Inventedland",
    "metro_code": "987654",
    "longitude": "12.345678",
    "latitude": "54.321098",
}


def extended(number: int = 0, **changes: Any) -> Record:
    """A play of track `number`, which ended `number` times five minutes after the start; 23 keys, as since 2025."""
    end = START + dt.timedelta(minutes=5 * number)
    record: Record = {
        "ts": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "platform": "android",
        "ms_played": 180_000 + number,
        "conn_country": "NO",
        "ip_addr": PERSONAL["ip_addr"],
        "master_metadata_track_name": f"Song {number}",
        "master_metadata_album_artist_name": "Junixen Ulvadan",
        "master_metadata_album_album_name": "Elditadan",
        "spotify_track_uri": f"spotify:track:{number:022}",
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "audiobook_title": None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": None,
        "audiobook_chapter_title": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": False,
        "offline_timestamp": int((end - dt.datetime(1970, 1, 1)).total_seconds()) - 180,
        "incognito_mode": False,
    }
    return record | changes


def generation_1(number: int = 0, **changes: Any) -> Record:
    """A play as exported before mid-2020: no URIs, and where the listener was."""
    late = ("audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title", "ip_addr")
    uris = ("spotify_track_uri", "spotify_episode_uri")
    kept = {name: value for name, value in extended(number).items() if name not in (*late, *uris)}
    return kept | {name: value for name, value in PERSONAL.items() if name != "ip_addr"} | changes


def music(number: int = 0, **changes: Any) -> Record:
    """The same play in the one-year package."""
    end = START + dt.timedelta(minutes=5 * number)
    record = {"endTime": f"{end:%Y-%m-%d %H:%M}", "artistName": "Junixen Ulvadan", "trackName": f"Song {number}"}
    return record | {"msPlayed": 180_000 + number} | changes


def podcast(number: int = 0) -> Record:
    end = START + dt.timedelta(minutes=5 * number)
    return {
        "endTime": f"{end:%Y-%m-%d %H:%M}",
        "podcastName": "Kelarfel Talks",
        "episodeName": f"Episode {number}",
        "msPlayed": 900_000,
    }


def audiobook(number: int = 0) -> Record:
    end = START + dt.timedelta(minutes=5 * number)
    return {
        "endTime": f"{end:%Y-%m-%d %H:%M}",
        "audiobookName": "The Draunaric Book",
        "chapterName": f"Chapter {number}",
        "authorName": "Istosund Ensemble",
        "msPlayed": 600_000,
    }


def write(file: Path, records: Iterable[Record], **how: Any) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(list(records), **{"indent": 2, "ensure_ascii": False} | how), encoding="utf-8")
    return file


def zipped(file: Path, contents: Mapping[str, Any]) -> Path:
    """A zip file: records as JSON, texts and bytes as they are."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, json.dumps(content) if isinstance(content, list) else content)
    return file


class _Pipe(io.RawIOBase):
    """A file that cannot be sought, so that zipfile writes data descriptors."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return int(self._target.write(content))


def as_spotify_zips(file: Path, folder: str, contents: Mapping[str, Any]) -> Path:
    """An archive as Spotify makes it: data descriptors, and an entry for the folder itself that is 11 bytes long."""
    with file.open("wb") as target, zipfile.ZipFile(_Pipe(target), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(f"{folder}/{name}", content if isinstance(content, str) else json.dumps(content))
        archive.writestr(zipfile.ZipInfo(f"{folder}/"), "placeholder")
    return file
