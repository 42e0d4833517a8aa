"""The playlists at a moment: their first entries, then every edit up to that moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.demo.world import names
from pipelines.demo.world.catalogue import Catalogue
from pipelines.demo.world.chance import chance, skewed
from pipelines.demo.world.clock import DAY, FIRST_DAY, HOUR, SECOND, SETTLED_DAY
from pipelines.demo.world.playlist import Edit, Entry, Playlist, apply, odd

DAYS_BETWEEN_NEW_ONES = 90
FRIEND = "demo_friend"
LISTENER = "demo_listener"
PHRASES = ("", "for the train", "Sunday &amp; slow", "played loud", "<b>work</b> in progress", "keep")


@dataclass
class Playlists:
    """`wanted` playlists of `length` items each, or of 5 to 150 when it is None. One more appears every 90 days."""

    seed: int
    catalogue: Catalogue
    wanted: int
    length: int | None
    edits: list[Edit] = field(default_factory=list)
    directed: list[Edit] = field(default_factory=list)
    next_day: int = FIRST_DAY
    last_read: tuple[int, list[Playlist]] | None = None

    def kind(self, number: int) -> str:
        """Of six or more, the last five are: a friend's that the listener may edit, three followed, one by Spotify."""
        from_the_end = self.wanted - 1 - number
        if self.wanted < 6 or from_the_end < 0 or from_the_end > 4:
            return "own"
        return ("spotify", "followed", "followed", "followed", "collaborative")[from_the_end]

    def at(self, now: int) -> list[Playlist]:
        """The playlists in the listener's order. New ones come first."""
        if self.last_read is None or self.last_read[0] != now:
            while self.next_day <= now // DAY:
                self.edits += self._edits_of(self.next_day)
                self.next_day += 1
            born_late = max(0, (now // DAY - SETTLED_DAY) // DAYS_BETWEEN_NEW_ONES)
            lists = {number: self.first(number) for number in range(self.wanted + born_late)}
            for edit in sorted((edit for edit in (*self.edits, *self.directed) if edit.at <= now), key=lambda e: e.at):
                if edit.playlist in lists and (changed := apply(lists[edit.playlist], edit)):
                    lists[edit.playlist] = changed
                else:
                    lists.pop(edit.playlist, None)
            newest = [lists[number] for number in reversed(lists) if number >= self.wanted]
            self.last_read = (now, newest + [lists[number] for number in lists if number < self.wanted])
        return self.last_read[1]

    def direct(self, edit: Edit) -> None:
        """Add an edit. Only tests do this."""
        self.directed.append(edit)
        self.last_read = None

    def first(self, number: int) -> Playlist:
        """A playlist before its first edit."""
        draw = chance(self.seed, "playlist", number)
        kind = self.kind(number)
        length = self.length if self.length is not None else draw.randrange(5, 151)
        owner = {"own": LISTENER, "spotify": "spotify"}.get(kind, FRIEND)
        began = FIRST_DAY if number < self.wanted else SETTLED_DAY + (number - self.wanted + 1) * DAYS_BETWEEN_NEW_ONES
        moments = sorted(began * DAY - draw.randrange(1, 2000 * 86_400) * SECOND for _ in range(length))
        entries = tuple(Entry("track", skewed(draw, self.catalogue.tracks, 2), at, owner) for at in moments)
        title = names.title(draw) or "Untitled"
        public = (True, False, None)[number % 3]
        return Playlist(number, kind, title, draw.choice(PHRASES), owner, public, odd(number, entries), length)

    def _edits_of(self, day: int) -> Iterator[Edit]:
        draw = chance(self.seed, "edits", day)
        readable = max(1, self.wanted - 4) if self.wanted >= 6 else self.wanted
        for _ in range(draw.choice((1, 1, 2)) if readable else 0):
            at = day * DAY + draw.randrange(9 * HOUR, 23 * HOUR) // SECOND * SECOND
            number, share = draw.randrange(readable), draw.random()
            if draw.random() < 0.1:
                yield Edit(at, number, "rename", text=draw.choice(PHRASES))
                continue
            by = FRIEND if self.kind(number) == "collaborative" and share < 0.5 else LISTENER
            picks = [skewed(draw, self.catalogue.tracks, 2) for _ in range(draw.randrange(1, 4))]
            yield Edit(at, number, "turn", share, tuple(Entry("track", pick, at, by) for pick in picks))
