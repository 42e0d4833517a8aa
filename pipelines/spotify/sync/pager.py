"""Follows the pages of one list, and stops when they lead nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipelines.http.prefetch import prefetch
from pipelines.spotify.sync.completeness import is_large, page_problem
from pipelines.spotify.sync.page import Page, Position
from pipelines.spotify.sync.reader import ResourceReader


@dataclass
class Pager:
    """The pages of one list in one run. Threads may share it: each position is requested by one thread.

    A page that cannot be right is requested a second time. `known` is the number of rows that the list had before:
    a list of one page with far fewer rows is requested a second time, too.
    """

    reader: ResourceReader
    path_params: dict[str, str] = field(default_factory=dict)
    known: int = 0
    total: int | None = None
    asked: list[Position] = field(default_factory=list)

    def page(self, position: Position) -> Page:
        """The page at a position. Its `problem` is set when the second answer is not right either."""
        before = tuple(self.asked)
        self.asked.append(position)
        page = self._request(position, before)
        counted = len(page.items) if page.total is None else page.total
        if page.problem or (not before and page.following is None and is_large(self.known - counted, self.known)):
            page = self._request(position, before)
        return page

    def _request(self, position: Position, before: tuple[Position, ...]) -> Page:
        page = self.reader.page(position, self.path_params)
        if not before:
            self.total = page.total
        return replace(page, problem=page_problem(page, position, self.total, before))

    def rest(self, position: Position, limit: int) -> Iterator[Page]:
        """The pages from a position on, to the last page or to the first with a problem. A page has `limit` rows."""
        if isinstance(position, int) and self.total is not None:
            pages = prefetch(self.page, range(position, self.total, limit))
        else:
            pages = self._one_by_one(position)
        for page in pages:
            yield page
            if page.following is None or page.problem:
                return

    def _one_by_one(self, position: Position | None) -> Iterator[Page]:
        while position is not None:
            page = self.page(position)
            yield page
            position = page.following
