"""Playlists, the reads of their items, and the items."""

from pipelines.raw.table import Table, bigint, boolean, removal, text, timestamp

PLAYLISTS = (
    Table(
        "playlists",
        "One row per playlist of the account and read that found it new, changed or removed.",
        key=("playlist_id",),
        # Spotify gives some playlists a new snapshot at each look. `playlist_snapshots` has those that were read.
        volatile=("snapshot_id",),
        columns=(
            text("playlist_id", "Spotify id of the playlist.", null=False),
            text("name", "Title; may be empty."),
            text("description", "As Spotify sends it: may be empty or HTML-escaped."),
            text("owner_id", "Spotify id of the owner."),
            text("owner_display_name", "Name on the owner's profile."),
            boolean("collaborative", "Shared for editing; false does not prove that the listener cannot edit it."),
            boolean("public", "May be null or stale."),
            text(
                "snapshot_id",
                "Version of the playlist at this read. A new version alone makes no new row.",
            ),
            bigint("items_total", "Items as the list of playlists counts them; may be missing."),
            text("uri", "Spotify URI of the playlist."),
            removal(),
        ),
    ),
    Table(
        "playlist_snapshots",
        "One row per playlist and read of its items that differs from the read before.",
        key=("playlist_id",),
        columns=(
            text("playlist_id", "Spotify id of the playlist.", null=False),
            text("snapshot_id", "The snapshot that was read; `~2` marks other items under the same id.", null=False),
            text(
                "outcome",
                "read: all items were read; refused: Spotify does not show the items; unfinished: its answers "
                "contradict each other, and the items were not stored.",
                null=False,
            ),
            bigint("http_status", "Status of the refusal: 403 or 404."),
            bigint("items_total", "Positions in the snapshot, with those that are null."),
        ),
    ),
    Table(
        "playlist_items",
        "One row per playlist snapshot and position.",
        key=("playlist_id", "snapshot_id", "position"),
        columns=(
            text("playlist_id", "Spotify id of the playlist.", null=False),
            text("snapshot_id", "The snapshot as `playlist_snapshots` names it.", null=False),
            bigint("position", "Position in the playlist, from 0; one track may have several positions.", null=False),
            text("item_type", "track or episode; null where Spotify no longer shows the item."),
            text("item_uri", "Spotify URI of the track or episode; null where Spotify no longer shows the item."),
            text("item_id", "Spotify id of the track or episode; null for a local file."),
            timestamp("added_at", "UTC time it was added; null on very old entries."),
            text("added_by_id", "Spotify id of the user who added it; null or empty in some lists."),
            boolean("is_local", "The item is a local file of the listener."),
        ),
    ),
)
