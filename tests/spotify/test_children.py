"""Child resources: read when the parent's marker changes, and newest first if the list is sorted that way."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from pipelines.lake.source import ResourceReport
from pipelines.raw.changes import ChangeFilter, StateRowHashes
from pipelines.raw.table import Table, text
from pipelines.spotify.resource import Parent, Resource
from pipelines.spotify.rows.element import ElementPosition, Json
from pipelines.spotify.run import Run
from pipelines.spotify.sync import per_parent
from pipelines.spotify.sync.read import read_resource
from pipelines.spotify.sync.reader import ParentsRead
from pipelines.spotify.tables import TABLES

NOW = dt.datetime(2026, 11, 2, 8)
CHAPTERS = Table(
    "chapters",
    "One row per chapter.",
    key=("chapter_id",),
    columns=(text("chapter_id", "Id.", null=False), text("book_id", "Id of the book.", null=False)),
)


def chapter(element: Json, position: ElementPosition) -> Any:
    yield "chapters", {"chapter_id": element["id"], "book_id": position.parent["book_id"]}


def resource(newest_first: bool) -> Resource:
    parent = Parent("books", {"book_id": "book.id"}, marker="book.total_chapters", newest_first=newest_first)
    return Resource("chapters", "books/{book_id}/chapters", None, per_parent, chapter, parent=parent)


class Books:
    """A Web API of books with chapters, newest first, 50 a page."""

    def __init__(self, **chapters: int) -> None:
        self.chapters = {book: [f"{book}{n}" for n in range(count)] for book, count in chapters.items()}
        self.asked: list[tuple[str, int]] = []
        self.budget = type("Budget", (), {"by_resource": {"chapters": 0}})()
        self.tokens = type("Tokens", (), {"scope": None})()

    def get(self, path: str, endpoint: str = "", resource: str = "", limit: int = 50, offset: int = 0) -> Json:
        book = path.split("/")[1]
        self.asked.append((book, offset))
        found = self.chapters[book][::-1]
        items = [{"id": key} for key in found[offset : offset + limit]]
        following = "more" if offset + limit < len(found) else None
        return {"items": items, "total": len(found), "next": following}

    def publish(self, book: str, count: int = 1) -> None:
        self.chapters[book] += [f"{book}{len(self.chapters[book]) + n}" for n in range(count)]

    def parents(self) -> ParentsRead:
        listed = self.chapters.items()
        return ParentsRead([{"book": {"id": book, "total_chapters": len(found)}} for book, found in listed], True)


class Reader:
    """Reads in several runs with one state, as dlt keeps it."""

    def __init__(self, books: Books, newest_first: bool) -> None:
        self.books, self.resource = books, resource(newest_first)
        self.state: dict[str, Any] = {}
        self.hashes: dict[str, dict[str, str]] = {}

    def report(self) -> ResourceReport:
        """The report of one read."""
        run = self.run()
        list(read_resource(self.resource, run, self.state, {}, self.books.parents()))
        return run.reports[0]

    def run(self, full: bool = False) -> Run:
        tables = {"chapters": CHAPTERS, "resource_runs": TABLES["resource_runs"]}
        return Run(self.books, ChangeFilter(tables, StateRowHashes(lambda: self.hashes), NOW), NOW, full)  # type: ignore[arg-type]

    def read(self, full: bool = False) -> list[str]:
        """The new chapters of one run."""
        self.books.asked.clear()
        run = self.run(full)
        found: list[str] = []
        for batch in read_resource(self.resource, run, self.state, {}, self.books.parents()):
            assert isinstance(batch, dict)
            found += [row["chapter_id"] for row in batch.get("chapters", ())]
        assert run.reports[0].outcome in ("read", "not due"), run.reports[0]
        return found


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_children_of_every_parent_are_read_once(newest_first: bool) -> None:
    reader = Reader(Books(a=120, b=3), newest_first)
    assert len(reader.read()) == 123
    assert sorted(reader.books.asked) == [("a", 0), ("a", 50), ("a", 100), ("b", 0)]
    assert reader.read() == []
    assert reader.books.asked == []


def test_a_changed_parent_is_read_to_its_last_known_child() -> None:
    reader = Reader(Books(a=120, b=3), newest_first=True)
    reader.read()
    reader.books.publish("a", 2)
    assert reader.read() == ["a121", "a120"]
    assert reader.books.asked == [("a", 0)]


def test_more_new_children_than_a_page_holds_are_all_read() -> None:
    reader = Reader(Books(a=120), newest_first=True)
    reader.read()
    reader.books.publish("a", 70)
    assert len(reader.read()) == 70
    assert reader.books.asked == [("a", 0), ("a", 50)]


def test_a_total_that_the_new_children_do_not_explain_is_read_to_the_end() -> None:
    reader = Reader(Books(a=120), newest_first=True)
    reader.read()
    reader.books.publish("a", 2)
    del reader.books.chapters["a"][10]
    assert reader.read() == ["a121", "a120"]
    assert [offset for _, offset in reader.books.asked] == [0, 50, 100]


def test_a_full_read_reads_everything() -> None:
    reader = Reader(Books(a=120), newest_first=True)
    reader.read()
    assert reader.read(full=True) == []
    assert [offset for _, offset in reader.books.asked] == [0, 50, 100]


@pytest.mark.parametrize("field", ["book.idd", "book.total_chapter"])
def test_a_misspelled_field_of_the_parent_stops_the_resource_and_is_named(field: str) -> None:
    reader = Reader(Books(a=3), newest_first=False)
    parent = (
        Parent("books", {"book_id": field}, marker="book.total_chapters")
        if field == "book.idd"
        else Parent("books", {"book_id": "book.id"}, marker=field)
    )
    reader.resource = dataclasses.replace(reader.resource, parent=parent)
    report = reader.report()
    assert report.outcome == "stopped"
    assert report.reason
    assert f"no element of books has the field {field}" in report.reason


def test_a_parent_that_left_loses_its_state_and_is_read_again_when_it_returns() -> None:
    books = Books(a=3, b=3)
    reader = Reader(books, newest_first=True)
    reader.read()
    left = books.chapters.pop("b")
    reader.read()
    assert list(reader.state["read"]) == ["a"]
    books.chapters["b"] = left
    reader.read()
    assert reader.books.asked == [("b", 0)]
