"""The listens as tables that tools of Last.fm read. Last.fm itself imports no file, and refuses plays of long ago.

- `lastfm_scrubbler.csv` is what Last.fm-Scrubbler sends to an account ("File Parse Scrobbler", with its own order of
  columns): artist, album, track, time with offset, artist of the album, length. It has no line with names. Without a
  byte order mark Last.fm-Scrubbler reads the file in the code page of Windows. It reads quotes only if it is told to.
  (ScrubblerLib/Helper/FileParser/CSVFileParser.cs and the file Settings.settings of SHOEGAZEssb/Last.fm-Scrubbler-WPF)
- `lastfm_history.csv` has the form of the exports that lastfm.ghan.nl/export makes of an account, which most programs
  for Last.fm histories read: uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid.
"""

import csv
from pathlib import Path

import duckdb

from orchestration.publish.export.listens import Listen, listens
from orchestration.publish.export.tables import replacing

SCRUBBLER, HISTORY = "lastfm_scrubbler.csv", "lastfm_history.csv"
HEAD = ("uts", "utc_time", "artist", "artist_mbid", "album", "album_mbid", "track", "track_mbid")


def write(db: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write both files."""
    with (
        replacing(target / SCRUBBLER) as scrubbler,
        replacing(target / HISTORY) as history,
        scrubbler.open("w", encoding="utf-8-sig", newline="") as first,
        history.open("w", encoding="utf-8", newline="") as second,
    ):
        to_scrubbler, to_history = csv.writer(first), csv.writer(second, quoting=csv.QUOTE_ALL)
        second.write(",".join(HEAD) + "\r\n")
        for listen in listens(db):
            to_scrubbler.writerow(scrubbler_row(listen))
            to_history.writerow(history_row(listen))


def scrubbler_row(listen: Listen) -> tuple[str, ...]:
    """The columns of Last.fm-Scrubbler. The length is written as hours:minutes:seconds."""
    minutes, seconds = divmod((listen.duration_ms or 0) // 1000, 60)
    length = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}" if listen.duration_ms else ""
    return (listen.artist, listen.album or "", listen.title, f"{listen.moment:%Y-%m-%d %H:%M:%S +00:00}", "", length)


def history_row(listen: Listen) -> tuple[str, ...]:
    """The columns of an export of a Last.fm account. MusicBrainz ids are not known."""
    # Names of months in English, whatever language Python uses.
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    moment = listen.moment
    written = f"{moment:%d} {months[moment.month - 1]} {moment:%Y, %H:%M}"
    return (str(listen.listened_at), written, listen.artist, "", listen.album or "", "", listen.title, "")
