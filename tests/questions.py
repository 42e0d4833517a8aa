"""Writes docs/questions.md, and three questions into the README: `python -m tests.questions`.

It answers them from the demo account of this clone, after the commands that docs/questions.md names.
"""

from pathlib import Path

import duckdb

from orchestration.publish.questions import answers
from orchestration.verbs.contract import between

ROOT = Path(__file__).resolve().parents[1]
PAGE, README = ROOT / "docs" / "questions.md", ROOT / "README.md"
IN_README = ("top_artists", "hours", "discovered")


def texts(file: Path) -> dict[Path, str]:
    """The page and the README as they should be, with the answers from the DuckDB file."""
    with duckdb.connect(str(file), read_only=True) as db:
        readme = README.read_text(encoding="utf-8")
        excerpt = answers.excerpt(db, IN_README)
        command = "`python -m tests.questions`"
        return {PAGE: answers.markdown(db), README: between(readme, "questions", excerpt, command)}


if __name__ == "__main__":
    for page, text in texts(ROOT / "data" / "demo" / "spotify.duckdb").items():
        page.write_text(text, encoding="utf-8")
