"""What the docs and the DuckDB file say of each mart, and who uses the marts."""

import re
from pathlib import Path

import yaml

from tests.transform.conftest import PROJECT
from tests.transform.test_project import MARTS, described, each, rule_of


@each(MARTS)
def test_a_mart_says_what_a_row_is_what_it_is_for_and_gives_a_query(sql: Path) -> None:
    model = described(sql)
    text = " ".join(model["description"].split())
    assert re.fullmatch(r"One row per .+\. Use it .+ For instance: `select .+ from .+`", text)
    assert set(rule_of(model, "covers")) <= {column["name"] for column in model["columns"]}


def test_the_exposure_of_the_report_names_the_marts_that_its_sections_read() -> None:
    exposures = yaml.safe_load((PROJECT / "models" / "marts" / "exposures.yml").read_text())["exposures"]
    (report,) = (one for one in exposures if one["name"] == "report")
    sections = (PROJECT.parent / "orchestration" / "publish" / "report").rglob("*.py")
    text = "".join(file.read_text() for file in sections)
    read = {path.stem for path in MARTS if re.search(rf"(from|join) (marts\.)?{path.stem}\b", text)}
    assert set(report["depends_on"]) == {f"ref('{name}')" for name in read}


def test_the_first_page_of_the_docs_links_every_mart() -> None:
    text = (PROJECT / "models" / "overview.md").read_text()
    linked = re.findall(r"\[(\w+)\]\(#!/model/model\.spotify_elt\.(\w+)\)", text)
    assert [name for name, target in linked if name != target] == []
    assert sorted(name for name, _ in linked) == sorted(path.stem for path in MARTS)
