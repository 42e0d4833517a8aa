"""The library: saved items and followed artists."""

from pipelines.raw.table import Column, Table, bigint, boolean, removal, text, timestamp


def added_at(what: str) -> Column:
    return timestamp("added_at", f"UTC time the {what} was saved; a client may set an earlier time.")


LIBRARY = (
    Table(
        "saved_tracks",
        "One row per saved track and read that found it new, changed or removed.",
        key=("track_uri",),
        columns=(
            text("track_uri", "Spotify URI of the track.", null=False),
            text("track_id", "Spotify id of the track; null for a local file."),
            added_at("track"),
            removal(),
        ),
    ),
    Table(
        "saved_albums",
        "One row per saved album and read that found it new, changed or removed.",
        key=("album_id",),
        columns=(text("album_id", "Spotify id of the album.", null=False), added_at("album"), removal()),
    ),
    Table(
        "saved_shows",
        "One row per saved show and read that found it new, changed or removed.",
        key=("show_id",),
        columns=(text("show_id", "Spotify id of the show.", null=False), added_at("show"), removal()),
    ),
    Table(
        "saved_episodes",
        "One row per saved episode and read that found it new, changed or removed.",
        key=("episode_id",),
        columns=(
            text("episode_id", "Spotify id of the episode.", null=False),
            added_at("episode"),
            boolean("fully_played", "The listener has heard it to the end."),
            bigint("resume_position_ms", "Position where the listener stopped, in milliseconds."),
            removal(),
        ),
    ),
    Table(
        "saved_audiobooks",
        "One row per saved audiobook and read that found it new or removed.",
        key=("audiobook_id",),
        columns=(
            text("audiobook_id", "Spotify id of the audiobook.", null=False),
            timestamp("added_at", "UTC time it was saved; Spotify sends none today."),
            removal(),
        ),
    ),
    Table(
        "followed_artists",
        "One row per followed artist and read that found it new or removed.",
        key=("artist_id",),
        columns=(text("artist_id", "Spotify id of the artist.", null=False), removal()),
    ),
)
