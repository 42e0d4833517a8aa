"""Shows, episodes and audiobooks."""

from typing import Any

from pipelines.demo.shapes.music import API, MARKETS, OPEN, images
from pipelines.demo.world.clock import date_of
from pipelines.demo.world.ids import Ids
from pipelines.demo.world.spoken import Spoken

Json = dict[str, Any]

HEARD_AFTER_DAYS = 9


class Speech:
    """Builds the objects of one mode. `today` decides which episodes were heard."""

    def __init__(self, spoken: Spoken, ids: Ids, extended: bool) -> None:
        self.spoken = spoken
        self.ids = ids
        self.extended = extended

    def frame(self, kind: str, number: int, page: str, spoken_as: str) -> Json:
        """The keys of every object. The URI of an audiobook begins with `spotify:show:`."""
        id = self.ids.of(kind, number)
        return {
            "external_urls": {"spotify": f"{OPEN}/{page}/{id}"},
            "href": f"{API}/{kind}s/{id}",
            "id": id,
            "images": images(kind, id),
            "explicit": False,
            "languages": ["en"],
            "type": spoken_as,
            "uri": f"spotify:{page}:{id}",
        }

    def show(self, number: int, today: int) -> Json:
        """A show in a list."""
        show = self.spoken.show(number)
        shape = self.frame("show", number, "show", "show") | {
            "copyrights": [],
            "description": show.description,
            "explicit": show.explicit,
            "html_description": f"<p>{show.description.replace('&', '&amp;')}</p>",
            "is_externally_hosted": False,
            "media_type": "audio",
            "name": show.name,
            "total_episodes": len(self.spoken.episodes_of(number, today)),
        }
        return shape | ({"available_markets": MARKETS, "publisher": show.publisher} if self.extended else {})

    def small_episode(self, number: int, today: int) -> Json:
        """An episode inside its show. Ten days after it came out it counts as heard."""
        episode = self.spoken.episode(number)
        heard = today - episode.day > HEARD_AFTER_DAYS
        return self.frame("episode", number, "episode", "episode") | {
            "audio_preview_url": None,
            "description": f"Episode {episode.name}",
            "duration_ms": episode.duration_ms,
            "html_description": f"<p>Episode {episode.name}</p>",
            "is_externally_hosted": False,
            "is_playable": True,
            "language": "en",
            "name": episode.name,
            "release_date": date_of(episode.day),
            "release_date_precision": "day",
            "resume_point": {"fully_played": heard, "resume_position_ms": 0 if heard else episode.duration_ms // 3},
        }

    def episode(self, number: int, today: int) -> Json:
        """A full episode object."""
        return self.small_episode(number, today) | {"show": self.show(self.spoken.episode(number).show, today)}

    def audiobook(self, number: int) -> Json:
        """An audiobook in a list."""
        book = self.spoken.audiobook(number)
        shape = self.frame("audiobook", number, "show", "audiobook") | {
            "authors": [{"name": book.author}],
            "copyrights": [],
            "description": book.description,
            "edition": "Unabridged",
            "html_description": book.description.replace(" Narrator", "<br/>Narrator"),
            "is_externally_hosted": False,
            "media_type": "audio",
            "name": book.name,
            "narrators": [{"name": book.narrator}],
            "total_chapters": book.chapters,
        }
        return shape | ({"available_markets": MARKETS, "publisher": book.author} if self.extended else {})


def unavailable_episode() -> Json:
    """A saved episode that is no longer available. A recorded answer had these nulls."""
    shared: Json = {
        "description": None,
        "explicit": False,
        "html_description": None,
        "id": None,
        "images": [],
        "is_externally_hosted": None,
        "languages": [None],
        "name": None,
        "uri": None,
    }
    return shared | {
        "audio_preview_url": None,
        "duration_ms": None,
        "external_urls": {"spotify": f"{OPEN}/episode/null"},
        "href": f"{API}/episodes/null",
        "language": None,
        "release_date": "0000",
        "release_date_precision": "year",
        "resume_point": {"fully_played": False, "resume_position_ms": None},
        "show": shared
        | {
            "copyrights": None,
            "external_urls": {"spotify": f"{OPEN}/show/null"},
            "href": f"{API}/shows/null",
            "media_type": None,
            "total_episodes": None,
            "type": "show",
        },
        "type": "episode",
    }
