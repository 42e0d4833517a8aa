"""The raw tables of the account data export. Their columns are declared here and nowhere else.

Columns that Spotify writes keep Spotify's names. These fields are never read: user name, IP address, user agent, city,
region, metro code, longitude, latitude. Of the platform only the family is kept, because it can hold a serial number.
"""

from pipelines.raw.table import Table, bigint, boolean, text, timestamp

FILE_ID = text("file_id", "Id of the file: 16 signs of its `archive_id`, a dot and a number.", null=False)
CONTENT_TYPE = text(
    "content_type", "track, episode, audiobook or unidentified (the row has neither a URI nor a name).", null=False
)

STREAMS = Table(
    "streams",
    "One row per record of the extended streaming history that the lake did not have.",
    key=("_dlt_id",),
    has_row_hash=False,
    columns=(
        FILE_ID,
        CONTENT_TYPE,
        boolean("is_video", "The record comes from a file of videos.", null=False),
        timestamp("ts", "UTC second of the end; before 2022-10-15 when Spotify heard of it.", null=False),
        bigint("ms_played", "Milliseconds heard.", null=False),
        timestamp("started_at", "UTC time of the start by the device; null where its clock is impossible."),
        bigint("offline_timestamp", "The device's time at the start, as sent: epoch s or ms, 0 or null."),
        text("spotify_track_uri", "Spotify URI of the track."),
        text("master_metadata_track_name", "Title of the track when the export was made."),
        text("master_metadata_album_artist_name", "Artist of the album when the export was made."),
        text("master_metadata_album_album_name", "Title of the album when the export was made."),
        text("spotify_episode_uri", "Spotify URI of the episode."),
        text("episode_name", "Title of the episode."),
        text("episode_show_name", "Title of the show."),
        text("audiobook_uri", "Spotify URI of the audiobook."),
        text("audiobook_title", "Title of the audiobook."),
        text("audiobook_chapter_uri", "Spotify URI of the chapter."),
        text("audiobook_chapter_title", "Title of the chapter."),
        text("platform", "Family of the device: android, ios, windows, osx, linux, web, cast, partner or other."),
        text("conn_country", "Country of the connection, two letters; ZZ is unknown."),
        text("reason_start", "Why the play began; an open set of words."),
        text("reason_end", "Why the play ended; an open set of words."),
        boolean("shuffle", "Shuffle was on."),
        boolean("skipped", "The listener skipped; null in records of 2016 to 2022."),
        boolean("offline", "The device was offline."),
        boolean("incognito_mode", "The play belongs to a private session."),
    ),
)

ONE_YEAR_STREAMS = Table(
    "one_year_streams",
    "One row per record of the one-year streaming history that the lake did not have.",
    key=("_dlt_id",),
    has_row_hash=False,
    columns=(
        FILE_ID,
        CONTENT_TYPE,
        timestamp("end_time", "UTC minute of the end.", null=False),
        bigint("ms_played", "Milliseconds heard.", null=False),
        text("track_name", "Title of the track."),
        text("artist_name", "Artist of the track."),
        text("podcast_name", "Title of the show."),
        text("episode_name", "Title of the episode."),
        text("audiobook_name", "Title of the audiobook."),
        text("chapter_name", "Title of the chapter."),
        text("author_name", "Author of the audiobook."),
    ),
)

IMPORT_FILES = Table(
    "import_files",
    "One row per file of an export and content type: how many records were read, and what became of each.",
    key=("file_id", "content_type"),
    has_row_hash=False,
    columns=(
        FILE_ID,
        CONTENT_TYPE,
        text("archive_id", "Hash of the archive, or of the file when it was given alone.", null=False),
        text("file_name", "Name of the file, without its folder.", null=False),
        text("package", "extended or one_year.", null=False),
        bigint("rows_read", "Records in the file. It is the sum of the six counts below.", null=False),
        bigint("rows_kept", "New records that name what was heard.", null=False),
        bigint(
            "rows_unidentified",
            "New records with neither a URI nor a name; stored too.",
            null=False,
        ),
        bigint("rows_known", "Records that the lake had already.", null=False),
        bigint("rows_repeated", "Copies of another record of this import, start included.", null=False),
        bigint("rows_ambiguous", "Copies of a record without a known start: repeats or plays.", null=False),
        bigint("rows_skipped", "Records that cannot be read; the reject file names each.", null=False),
        text("skip_reasons", "The reasons with their counts."),
        timestamp("first_at", "Earliest end among the records read."),
        timestamp("last_at", "Latest end among the records read."),
    ),
)

COVERED_SPANS = Table(
    "covered_spans",
    "One row per import, package and continuous stretch of records: between its two times the export has every play.",
    key=("archive_id", "package", "covered_from"),
    has_row_hash=False,
    columns=(
        text("archive_id", "Hash of the archive; key of `import_files`.", null=False),
        text("package", "extended or one_year. A one-year export lacks 4 to 7 % of the plays.", null=False),
        timestamp("covered_from", "UTC time of the first record of the stretch.", null=False),
        timestamp("covered_until", "UTC time of the last record of the stretch.", null=False),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in (STREAMS, ONE_YEAR_STREAMS, IMPORT_FILES, COVERED_SPANS)}
