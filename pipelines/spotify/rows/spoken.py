"""Shows, episodes and audiobooks as rows of the spoken tables; pure functions.

Source: Web API reference, objects Show, Episode and Audiobook, seen in November 2026.
"""

from collections.abc import Iterator

from pipelines.spotify.rows.element import Json, Row, image_url, joined, part


def show(show: Json) -> Iterator[Row]:
    if show.get("id"):
        yield (
            "shows",
            {
                "show_id": show["id"],
                "name": show.get("name"),
                "publisher": show.get("publisher"),
                "description": show.get("description"),
                "media_type": show.get("media_type"),
                "languages": joined(show, "languages"),
                "explicit": show.get("explicit"),
                "total_episodes": show.get("total_episodes"),
                "image_url": image_url(show),
                "uri": show.get("uri"),
            },
        )


def full_episode(episode: Json) -> Iterator[Row]:
    """Rows of a full episode and its show, as saved episodes and playlists contain them."""
    if episode.get("id"):
        of_show = part(episode, "show")
        yield _episode(episode, "full", of_show.get("id"))
        yield from show(of_show)


def simplified_episode(episode: Json, show_id: str) -> Iterator[Row]:
    """The row of an episode in the list of a show. The object does not name the show; the request has its id."""
    if episode.get("id"):
        yield _episode(episode, "simplified", show_id)


def _episode(episode: Json, form: str, show_id: str | None) -> Row:
    return (
        "episodes",
        {
            "episode_id": episode["id"],
            "object_form": form,
            "show_id": show_id,
            "name": episode.get("name"),
            "description": episode.get("description"),
            "duration_ms": episode.get("duration_ms"),
            "release_date": episode.get("release_date"),
            "release_date_precision": episode.get("release_date_precision"),
            "languages": joined(episode, "languages"),
            "explicit": episode.get("explicit"),
            "image_url": image_url(episode),
            "uri": episode.get("uri"),
        },
    )


def audiobook(book: Json) -> Iterator[Row]:
    if book.get("id"):
        yield (
            "audiobooks",
            {
                "audiobook_id": book["id"],
                "name": book.get("name"),
                "authors": joined(book, "authors"),
                "narrators": joined(book, "narrators"),
                "publisher": book.get("publisher"),
                "edition": book.get("edition"),
                "languages": joined(book, "languages"),
                "media_type": book.get("media_type"),
                "explicit": book.get("explicit"),
                "total_chapters": book.get("total_chapters"),
                "image_url": image_url(book),
                "uri": book.get("uri"),
            },
        )
