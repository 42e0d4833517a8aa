"""The builders of one mode side by side, with the objects that hold a first page of others."""

from typing import Any

from pipelines.demo.paging import first_page
from pipelines.demo.shapes_music import Music
from pipelines.demo.shapes_person import Person
from pipelines.demo.shapes_spoken import Speech
from pipelines.demo.world import World

Json = dict[str, Any]


class Shapes:
    """One for development mode, one for extended quota."""

    def __init__(self, world: World, extended: bool) -> None:
        self.world = world
        self.extended = extended
        self.music = Music(world.catalogue, world.ids, extended)
        self.speech = Speech(world.spoken, world.ids, extended)
        self.person = Person(self.music, self.speech)

    def url(self, kind: str, number: int, listing: str) -> str:
        """Where a listing of an object is served."""
        return f"{self.world.base_url}/v1/{kind}s/{self.world.ids.of(kind, number)}/{listing}"

    def album(self, number: int) -> Json:
        """An album with its first tracks."""
        tracks = [self.music.small_track(track) for track in self.world.catalogue.tracks_of(number)]
        return self.music.album(number, first_page(self.url("album", number, "tracks"), tracks, 50))

    def show(self, number: int) -> Json:
        """A show with its first episodes, newest first."""
        numbers = reversed(self.world.spoken.episodes_of(number, self.world.today))
        episodes = [self.speech.small_episode(episode, self.world.today) for episode in numbers]
        page = first_page(self.url("show", number, "episodes"), episodes, 50)
        return self.speech.show(number, self.world.today) | {"episodes": page}

    def small_show(self, number: int) -> Json:
        """A show in a listing."""
        return self.speech.show(number, self.world.today)

    def episode(self, number: int) -> Json:
        """An episode with its show."""
        return self.speech.episode(number, self.world.today)

    def audiobook(self, number: int) -> Json:
        """An audiobook with its first chapters."""
        chapters = [self.speech.small_chapter(chapter) for chapter in self.world.spoken.chapters_of(number)]
        page = first_page(self.url("audiobook", number, "chapters"), chapters, 50)
        return self.speech.audiobook(number) | {"chapters": page}
