"""The six generations of the extended streaming history: keys, names of files, order, and what became of old rows."""

from dataclasses import dataclass

COMMON = ("ts", "username", "platform", "ms_played", "conn_country", "ip_addr_decrypted", "user_agent_decrypted")
PLACE = ("city", "region", "metro_code", "longitude", "latitude")
TRACK_NAMES = (
    "master_metadata_track_name",
    "master_metadata_album_artist_name",
    "master_metadata_album_album_name",
)
EPISODE_NAMES = ("episode_name", "episode_show_name")
AUDIOBOOK = ("audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title")
HOW = (
    "reason_start",
    "reason_end",
    "shuffle",
    "skipped",
    "offline",
    "offline_timestamp",
    "incognito_mode",
)
WITHOUT_URIS = (*COMMON, *PLACE, *TRACK_NAMES, *EPISODE_NAMES, *HOW)
WITH_URIS = (*COMMON, *TRACK_NAMES, "spotify_track_uri", *EPISODE_NAMES, "spotify_episode_uri", *HOW)
WITHOUT_USER = tuple(
    "ip_addr" if key == "ip_addr_decrypted" else key
    for key in WITH_URIS
    if key not in ("username", "user_agent_decrypted")
)
WITH_AUDIOBOOKS = (*WITHOUT_USER[: -len(HOW)], *AUDIOBOOK, *HOW)

OLD_FOLDER, NEW_FOLDER = "MyData", "Spotify Extended Streaming History"


@dataclass(frozen=True, slots=True)
class Generation:
    """`form` is the layout of the JSON, see layouts.py. `files` is shards, parts or years, see files.py.

    With `has_new_past`, Spotify wrote old rows again: no `skipped` is null. With `has_no_old_start`, the starts before
    October 2022 are null too.
    """

    name: str
    exported: str
    folder: str
    keys: tuple[str, ...]
    form: str
    files: str
    has_repeats: bool = False
    has_new_past: bool = False
    has_no_old_start: bool = False


GENERATIONS = {
    found.name: found
    for found in (
        Generation("G1", "to 2020", OLD_FOLDER, WITHOUT_URIS, "minified", "shards"),
        Generation("G2", "2021 to May 2023", OLD_FOLDER, WITH_URIS, "minified", "shards", has_repeats=True),
        Generation("G3", "July 2023 to October 2024", NEW_FOLDER, WITH_URIS, "indented", "parts"),
        Generation("G4", "November 2024", NEW_FOLDER, WITHOUT_USER, "indented", "parts", False, True),
        Generation("G5", "since January 2025", NEW_FOLDER, WITH_AUDIOBOOKS, "indented", "parts", False, True, True),
        Generation("G6", "2026", NEW_FOLDER, WITH_AUDIOBOOKS, "spaced", "years", False, True, True),
    )
}
