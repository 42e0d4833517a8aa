"""Spoken word: shows, episodes and audiobooks that Spotify embeds in its lists, and the episodes of saved shows."""

from pipelines.raw.table import Table, bigint, boolean, text
from pipelines.spotify.tables.forms import IMAGE_URL, OBJECT_FORM

SPOKEN = (
    Table(
        "shows",
        "One row per show and read that found it new or changed.",
        key=("show_id",),
        columns=(
            text("show_id", "Spotify id of the show.", null=False),
            text("name", "Title."),
            text("publisher", "Publisher; extended-quota mode only."),
            text("description", "Plain-text description."),
            text("media_type", "audio, video or mixed."),
            text("languages", "Language codes, joined by commas."),
            boolean("explicit", "False can mean unknown."),
            bigint("total_episodes", "Episodes that the show has."),
            IMAGE_URL,
            text("uri", "Spotify URI of the show."),
        ),
    ),
    Table(
        "episodes",
        "One row per episode, shape of the object and read that found it new or changed.",
        key=("episode_id", "object_form"),
        columns=(
            text("episode_id", "Spotify id of the episode.", null=False),
            OBJECT_FORM,
            text("show_id", "Spotify id of its show."),
            text("name", "Title."),
            text("description", "Plain-text description."),
            bigint("duration_ms", "Length in milliseconds."),
            text("release_date", "YYYY, YYYY-MM or YYYY-MM-DD; 0000 occurs too."),
            text("release_date_precision", "year, month or day."),
            text("languages", "Language codes, joined by commas."),
            boolean("explicit", "False can mean unknown."),
            IMAGE_URL,
            text("uri", "Spotify URI of the episode."),
        ),
    ),
    Table(
        "show_episodes",
        "One row per episode of a saved show and read that found it new or changed.",
        key=("show_id", "episode_id"),
        columns=(
            text("show_id", "Spotify id of the show.", null=False),
            text("episode_id", "Spotify id of the episode.", null=False),
            boolean("fully_played", "The listener has heard it to the end."),
            bigint("resume_position_ms", "Position where the listener stopped, in milliseconds."),
        ),
    ),
    Table(
        "audiobooks",
        "One row per audiobook and read that found it new or changed.",
        key=("audiobook_id",),
        columns=(
            text("audiobook_id", "Spotify id of the audiobook.", null=False),
            text("name", "Title."),
            text("authors", "Authors, joined by commas."),
            text("narrators", "Narrators, joined by commas."),
            text("publisher", "Publisher; extended-quota mode only."),
            text("edition", "Edition, for instance Unabridged."),
            text("languages", "Language codes, joined by commas."),
            text("media_type", "audio."),
            boolean("explicit", "False can mean unknown."),
            bigint("total_chapters", "Chapters that the book has."),
            IMAGE_URL,
            text("uri", "Spotify URI of the audiobook."),
        ),
    ),
)
