"""What the listener keeps: saved items, with followed artists."""

from pipelines.raw.table import Column, Table, bigint, boolean, removal, text, timestamp


def added_at(what: str) -> Column:
    return timestamp("added_at", f"UTC time the {what} was saved; any client may back-date it.")


LIBRARY = (
    Table(
        "saved_tracks",
        "One row per saved track and reading in which it was new, changed or gone.",
        key=("track_uri",),
        columns=(
            text("track_uri", "Address of the track.", null=False),
            text("track_id", "Spotify id of the track; null for a local file."),
            added_at("track"),
            removal(),
        ),
    ),
    Table(
        "saved_albums",
        "One row per saved album and reading in which it was new, changed or gone.",
        key=("album_id",),
        columns=(text("album_id", "Spotify id of the album.", null=False), added_at("album"), removal()),
    ),
    Table(
        "saved_shows",
        "One row per saved show and reading in which it was new, changed or gone.",
        key=("show_id",),
        columns=(text("show_id", "Spotify id of the show.", null=False), added_at("show"), removal()),
    ),
    Table(
        "saved_episodes",
        "One row per saved episode and reading in which it was new, changed or gone.",
        key=("episode_id",),
        columns=(
            text("episode_id", "Spotify id of the episode.", null=False),
            added_at("episode"),
            boolean("fully_played", "Whether the listener has heard it to the end."),
            bigint("resume_position_ms", "Where the listener stopped, in milliseconds."),
            removal(),
        ),
    ),
    Table(
        "saved_audiobooks",
        "One row per saved audiobook and reading in which it was new or gone.",
        key=("audiobook_id",),
        columns=(
            text("audiobook_id", "Spotify id of the audiobook.", null=False),
            timestamp("added_at", "UTC time it was saved; Spotify gives none today."),
            removal(),
        ),
    ),
    Table(
        "followed_artists",
        "One row per followed artist and reading in which it was new or gone.",
        key=("artist_id",),
        columns=(text("artist_id", "Spotify id of the artist.", null=False), removal()),
    ),
)
