"""Plays, and the top lists that Spotify computes."""

from pipelines.raw.table import Table, bigint, date, text, timestamp

RANKED = (
    text("time_range", "short_term (4 weeks), medium_term (6 months) or long_term (1 year).", null=False),
    date("read_on", "UTC day of the read.", null=False),
    bigint("rank", "Position in the list, from 1.", null=False),
)

LISTENING = (
    Table(
        "recently_played",
        "One row per finished play of a track.",
        key=("played_at", "track_uri"),
        since="played_at",
        # Spotify keeps the last 50 plays only, so plays may be lost when nothing new came for a day.
        stale_after_h=24,
        columns=(
            timestamp("played_at", "UTC time the play ended, as Spotify sends it.", null=False),
            text("track_uri", "Spotify URI of the track played.", null=False),
            text("track_id", "Spotify id of the track; null for a local file."),
            text("context_type", "Where it was played from: album, artist, playlist, collection, show."),
            text("context_uri", "Spotify URI of that context."),
        ),
    ),
    Table(
        "top_artists",
        "One row per time range, day of the read and rank.",
        key=("time_range", "read_on", "rank"),
        parent=("time_range", "read_on"),
        since="read_at",
        columns=(
            *RANKED,
            text("artist_id", "Spotify id of the artist.", null=False),
        ),
    ),
    Table(
        "top_tracks",
        "One row per time range, day of the read and rank.",
        key=("time_range", "read_on", "rank"),
        parent=("time_range", "read_on"),
        since="read_at",
        columns=(
            *RANKED,
            text("track_uri", "Spotify URI of the track.", null=False),
            text("track_id", "Spotify id of the track; null for a local file."),
        ),
    ),
)
