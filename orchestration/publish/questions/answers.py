"""Reads the questions, answers them from the marts, and writes both as text for Markdown pages."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

import duckdb

FOLDER = Path(__file__).parent
HEAD = """# Ten questions

Each question has its SQL and a real answer. Copy the SQL into `make sql`, or into any program that opens the DuckDB
file. The answers are those of the demo account, whose data are invented, with its export and a second read after 20
days:

```console
$ make demo-export
$ make elt
$ make elt DEMO_DAYS=20
```

This page is generated: `.venv/bin/python -m tests.questions` runs the files of `orchestration/publish/questions/`.
"""


@dataclass(frozen=True)
class Question:
    """One file: the first comment line is the title, the others are the text, and the rest is the SQL."""

    name: str
    title: str
    text: str
    sql: str


@dataclass(frozen=True)
class Answer:
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def questions(folder: Path = FOLDER) -> list[Question]:
    """All questions in the order of their file names."""
    return [_read(file) for file in sorted(folder.glob("*.sql"))]


def answer(db: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    """The answer from an open DuckDB file. Its tables are found without the schema."""
    found = db.execute(question.sql.rstrip().removesuffix(";"))
    return Answer(tuple(column[0] for column in found.description or ()), tuple(found.fetchall()))


def markdown(db: duckdb.DuckDBPyConnection) -> str:
    """The page `docs/questions.md`."""
    return "\n".join([HEAD, *(f"## {each.title}\n\n{_body(db, each)}" for each in questions())])


def excerpt(db: duckdb.DuckDBPyConnection, names: Iterable[str]) -> str:
    """Some of the questions for the README: a bold line instead of a heading."""
    chosen = {each.name: each for each in questions()}
    return "\n".join(f"**{chosen[name].title}**\n\n{_body(db, chosen[name])}" for name in names).rstrip()


def shown(value: Any) -> str:
    """A value as people read it: no decimal places that are zero, no second that is zero."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(file: Path) -> Question:
    lines = file.read_text(encoding="utf-8").splitlines()
    comments = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    sql = "\n".join(line for line in lines if not line.startswith("--"))
    return Question(re.sub(r"^\d+_", "", file.stem), comments[0], " ".join(comments[1:]), sql.strip())


def _body(db: duckdb.DuckDBPyConnection, question: Question) -> str:
    found = answer(db, question)
    lines = [
        f"| {' | '.join(found.columns)} |",
        f"| {' | '.join('---' for _ in found.columns)} |",
        *(f"| {' | '.join(shown(value).replace('|', chr(92) + '|') for value in row)} |" for row in found.rows),
    ]
    table = "\n".join(lines)
    text = fill(question.text, 120, break_long_words=False, break_on_hyphens=False)
    return f"{text}\n\n```sql\n{question.sql}\n```\n\n{table}\n"
