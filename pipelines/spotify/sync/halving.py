"""Reads around an element whose page always fails: the page is halved until this element is alone.

Spotify answers 500 for days to every page that holds one broken item (spotify/web-api issues 275, 278 and 517).
The other elements are read. The broken one is named and requested again a day later.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pipelines.spotify.errors import NoAnswer

Json = dict[str, Any]
# Requests one page object: `request(tries, limit=25, offset=100)`. Raises NoAnswer.
Request = Callable[..., Json]

AGAIN_AFTER = dt.timedelta(hours=23, minutes=30)
MOST_ON_A_PAGE = 5
MINUTE_MS = 60_000
STEPS_MIN = (1, 4, 16, 64, 256, 1024)
NEAR_MS = MINUTE_MS // 2


@dataclass(frozen=True)
class Unreadable:
    """Stands on a page in place of an element that no request can read."""

    reason: str


@dataclass
class Halving:
    """The page at an offset of one list. `known` keeps, in dlt's state, until when which offset is not requested.

    A page costs `tries` requests as usual, then one probe or two, then about twelve requests for one broken element.
    In later runs of the same day it costs one request more than usual.
    """

    request: Request
    known: dict[str, str]
    now: dt.datetime
    _broken: dict[int, str] = field(default_factory=dict)
    _answer: Json = field(default_factory=dict)

    def page(self, offset: int, limit: int) -> Json:
        """A page object whose items may be `Unreadable`. Raises NoAnswer when nothing can be read: an outage."""
        skipped = {int(place) for place, until in self.known.items() if dt.datetime.fromisoformat(until) > self.now}
        if not skipped & set(range(offset, offset + limit)):
            try:
                return self.request(None, offset=offset, limit=limit)
            except NoAnswer as error:
                if not self._answers(offset, limit):
                    raise error from None
        items = list(self._items(offset, limit, skipped))
        total = self._answer.get("total")
        if isinstance(total, int):
            items = items[: max(total - offset, 0)]
        for place in self._broken:
            self.known[str(place)] = (self.now + AGAIN_AFTER).isoformat()
        has_more = total is None or offset + limit < total
        return self._answer | {"items": items, "limit": limit, "offset": offset, "next": "more" if has_more else None}

    def _answers(self, offset: int, limit: int) -> bool:
        """Whether the first or the last element can be read alone. In an outage both fail."""
        for place in (offset, offset + limit - 1):
            with suppress(NoAnswer):
                self._answer = self.request(1, offset=place, limit=1)
                return True
        return False

    def _items(self, first: int, size: int, skipped: set[int]) -> Iterator[Any]:
        if size <= 0:
            return
        inside = [place for place in skipped if first <= place < first + size]
        if inside:
            place = min(inside)
            yield from self._items(first, place - first, skipped)
            yield Unreadable("its page failed before; it is requested again a day later")
            yield from self._items(place + 1, first + size - place - 1, skipped)
            return
        try:
            self._answer = self.request(1 if size > 1 else 2, offset=first, limit=size)
            yield from self._answer["items"]
        except NoAnswer as error:
            if size > 1:
                yield from self._items(first, size // 2, skipped)
                yield from self._items(first + size // 2, size - size // 2, skipped)
                return
            self._broken[first] = str(error)
            if len(self._broken) > MOST_ON_A_PAGE:
                raise
            yield Unreadable(str(error))


def longest(request: Request, limit: int, **cursor: Any) -> Json:
    """The page after a cursor, cut before the broken element. Raises NoAnswer when the first element is broken.

    A cursor is the id of an element, so nothing after the broken element can be read.
    """
    try:
        return request(None, limit=limit, **cursor)
    except NoAnswer as error:
        try:
            found = request(1, limit=1, **cursor)
        except NoAnswer:
            raise error from None
    works, fails = 1, limit
    while fails - works > 1:
        size = (works + fails) // 2
        try:
            found, works = request(1, limit=size, **cursor), size
        except NoAnswer:
            fails = size
    return found


def before_a_broken_play(request: Request, limit: int, before: int) -> Json:
    """The page behind the broken play that is the newest before the time `before`, in milliseconds.

    Steps back in time until a page can be read, then goes forward again as near as half a minute. Raises NoAnswer in an
    outage.
    """
    found = request(1, limit=limit, before=before - STEPS_MIN[-1] * MINUTE_MS)
    works, fails = before - STEPS_MIN[-1] * MINUTE_MS, before
    for minutes in STEPS_MIN[:-1]:
        place = before - minutes * MINUTE_MS
        try:
            found, works = request(1, limit=limit, before=place), place
            break
        except NoAnswer:
            fails = place
    while fails - works > NEAR_MS:
        place = (works + fails) // 2
        try:
            found, works = request(1, limit=limit, before=place), place
        except NoAnswer:
            fails = place
    return found
