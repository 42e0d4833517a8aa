"""The ten questions have the answers that the pages show."""

from pathlib import Path

import duckdb
import pytest

from orchestration.publish.questions.answers import Question, answer, questions
from tests.publish.demo import demo, stranger
from tests.questions import texts

__all__ = ["demo", "stranger"]


def test_the_pages_show_the_real_answers(demo: Path) -> None:
    for page, text in texts(demo).items():
        assert page.read_text(encoding="utf-8") == text, "run `.venv/bin/python -m tests.questions`"


@pytest.mark.parametrize("question", questions(), ids=lambda question: str(question.name))
def test_every_question_has_an_answer_whose_names_are_known(demo: Path, question: Question) -> None:
    with duckdb.connect(str(demo), read_only=True) as db:
        found = answer(db, question)
    assert found.rows
    assert not [row for row in found.rows if None in row]
