"""The objects of one mode. Here are those that need the clock or the server's address."""

from typing import Any

from pipelines.demo.shapes.music import Music
from pipelines.demo.shapes.person import Person
from pipelines.demo.shapes.spoken import Speech
from pipelines.demo.world.world import World

Json = dict[str, Any]


class Shapes:
    """`extended` chooses between development mode and extended quota."""

    def __init__(self, world: World, extended: bool) -> None:
        self.world = world
        self.extended = extended
        self.music = Music(world.catalogue, world.ids, extended)
        self.speech = Speech(world.spoken, world.ids, extended)
        self.person = Person(self.music, self.speech)

    def url(self, kind: str, number: int, part: str) -> str:
        """The address of a list that belongs to an object, for instance an album's tracks."""
        return f"{self.world.base_url}/v1/{kind}s/{self.world.ids.of(kind, number)}/{part}"

    def album(self, number: int) -> Json:
        """An album with all its tracks as one page. No album has more than 50."""
        tracks = [self.music.small_track(track) for track in self.world.catalogue.tracks_of(number)]
        page = {
            "href": f"{self.url('album', number, 'tracks')}?offset=0&limit=50",
            "items": tracks,
            "limit": 50,
            "next": None,
            "offset": 0,
            "previous": None,
            "total": len(tracks),
        }
        return self.music.album(number, page)

    def show(self, number: int) -> Json:
        """A show as it is today."""
        return self.speech.show(number, self.world.today)

    def episode(self, number: int) -> Json:
        """An episode as it is today, with its show."""
        return self.speech.episode(number, self.world.today)
