"""Playlists, what was read of each, what they held."""

from pipelines.raw.table import Table, bigint, boolean, removal, text, timestamp

PLAYLISTS = (
    Table(
        "playlists",
        "One row per playlist of the account and reading in which it was new, changed or gone.",
        key=("playlist_id",),
        columns=(
            text("playlist_id", "Spotify id of the playlist.", null=False),
            text("name", "Title; may be empty."),
            text("description", "As Spotify sends it: may be empty or HTML-escaped."),
            text("owner_id", "Spotify id of the owner."),
            text("owner_display_name", "The owner's name on the profile."),
            boolean("collaborative", "False does not prove that the listener cannot edit it."),
            boolean("public", "May be null or stale."),
            text("snapshot_id", "Moves when the playlist changes; equality means unchanged, nothing else."),
            bigint("items_total", "Items as the listing counts them; may be missing."),
            text("uri", "Spotify address of the playlist."),
            removal(),
        ),
    ),
    Table(
        "playlist_snapshots",
        "One row per playlist and reading of it to its end, or refusal, that differs from the one before.",
        key=("playlist_id",),
        columns=(
            text("playlist_id", "Spotify id of the playlist.", null=False),
            text("snapshot_id", "The snapshot that was read.", null=False),
            text("outcome", "read: its items are the playlist's; refused: Spotify does not show them.", null=False),
            bigint("http_status", "Status of the refusal: 403 or 404."),
            bigint("items_total", "Positions in the snapshot, null ones included."),
        ),
    ),
    Table(
        "playlist_items",
        "One row per playlist snapshot and position.",
        key=("playlist_id", "snapshot_id", "position"),
        columns=(
            text("playlist_id", "Spotify id of the playlist.", null=False),
            text("snapshot_id", "The snapshot that was being read.", null=False),
            bigint("position", "Place in the playlist, from 0; the same track may stand at several.", null=False),
            text("item_type", "track or episode; null where Spotify shows nothing any more."),
            text("item_uri", "Address of the track or episode; null where Spotify shows nothing any more."),
            text("item_id", "Spotify id of the track or episode; null for a local file."),
            timestamp("added_at", "UTC time it was added; null on very old entries."),
            text("added_by_id", "Spotify id of who added it; null or empty on some lists."),
            boolean("is_local", "A file of the listener's own."),
        ),
    ),
)
