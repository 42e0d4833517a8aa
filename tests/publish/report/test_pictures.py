"""The pictures of the README show the report as it is."""

from pathlib import Path

from tests.pictures import DESIGN, IMAGES, ROOT
from tests.publish.report.design import design_of


def test_the_pictures_were_made_from_this_design(report: Path) -> None:
    again = "run `make report` for the demo account, then `.venv/bin/python -m tests.pictures`"
    assert DESIGN.read_text(encoding="utf-8").strip() == design_of(report), again


def test_the_readme_shows_the_pictures() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("report.png", "year.png"):
        assert f"](docs/images/{name})" in readme
        assert (IMAGES / name).exists()
