"""Music that Spotify embeds in its lists: tracks, albums, artists."""

from pipelines.raw.table import Table, bigint, boolean, text
from pipelines.spotify.tables.forms import IMAGE_URL, OBJECT_FORM

CATALOGUE = (
    Table(
        "tracks",
        "One row per track and read that found it new or changed.",
        key=("track_uri",),
        columns=(
            text("track_uri", "Spotify URI of the track; the only key a local file has.", null=False),
            text("track_id", "Spotify id; null for a local file."),
            text("name", "Title; may be empty."),
            bigint("duration_ms", "Length in milliseconds."),
            boolean("explicit", "False can mean unknown."),
            bigint("disc_number", "Disc within the album."),
            bigint("track_number", "Position on the disc."),
            boolean("is_local", "The track is a local file of the listener."),
            text("isrc", "International recording code; several tracks may share one."),
            bigint("popularity", "0 to 100; extended-quota mode only."),
            text("album_id", "Spotify id of the album; null for a local file."),
            text("album_name", "Title of the album, the only album data of a local file."),
        ),
    ),
    Table(
        "track_artists",
        "One row per track and position in its list of artists.",
        key=("track_uri", "position"),
        parent=("track_uri",),
        columns=(
            text("track_uri", "Spotify URI of the track.", null=False),
            bigint("position", "Position in the list of artists, from 1.", null=False),
            text("artist_id", "Spotify id; null for the artist of a local file."),
            text("artist_name", "Name as credited."),
        ),
    ),
    Table(
        "albums",
        "One row per album, shape of the object and read that found it new or changed.",
        key=("album_id", "object_form"),
        columns=(
            text("album_id", "Spotify id of the album.", null=False),
            OBJECT_FORM,
            text("name", "Title; may be empty."),
            text("album_type", "album, single, compilation or ep."),
            text("release_date", "YYYY, YYYY-MM or YYYY-MM-DD; 0000 occurs too."),
            text("release_date_precision", "year, month or day."),
            bigint("total_tracks", "Tracks on the album."),
            text("upc", "Product code; full objects only."),
            text("label", "Label; full objects in extended-quota mode only."),
            bigint("popularity", "0 to 100; full objects in extended-quota mode only."),
            IMAGE_URL,
            text("uri", "Spotify URI of the album."),
        ),
    ),
    Table(
        "album_artists",
        "One row per album and position in its list of artists.",
        key=("album_id", "position"),
        parent=("album_id",),
        columns=(
            text("album_id", "Spotify id of the album.", null=False),
            bigint("position", "Position in the list of artists, from 1.", null=False),
            text("artist_id", "Spotify id of the artist."),
            text("artist_name", "Name as credited."),
        ),
    ),
    Table(
        "artists",
        "One row per artist, shape of the object and read that found it new or changed.",
        key=("artist_id", "object_form"),
        columns=(
            text("artist_id", "Spotify id of the artist.", null=False),
            OBJECT_FORM,
            text("name", "Name; may be empty."),
            bigint("genres_total", "Number of genres; 0 for an empty list, null when Spotify sends no list."),
            bigint("popularity", "0 to 100; full objects in extended-quota mode only."),
            bigint("followers_total", "Followers; full objects in extended-quota mode only."),
            IMAGE_URL,
            text("uri", "Spotify URI of the artist."),
        ),
    ),
    Table(
        "artist_genres",
        "One row per artist and genre.",
        key=("artist_id", "genre"),
        parent=("artist_id",),
        columns=(
            text("artist_id", "Spotify id of the artist.", null=False),
            text("genre", "Genre as Spotify names it.", null=False),
        ),
    ),
)
