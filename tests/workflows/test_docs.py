"""The steps of the docs job, run in a fresh clone."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.workflows.workflow import Job


def test_the_docs_job_leaves_a_site_whose_links_lead_to_its_own_files(
    clone: Callable[[], Path], runner: dict[str, str]
) -> None:
    job, folder = Job("docs.yml", "build"), clone()
    ran = job.run(folder, {}, runner)
    assert ran.status == "success", ran.printed
    (published,) = (step["with"]["path"] for step in job.steps if "upload-pages-artifact" in step.get("uses", ""))
    site = folder / published
    assert {"index.html", "questions.html", "docs/index.html", "report/index.html"} <= {
        str(file.relative_to(site)) for file in site.rglob("*")
    }
    assert "its data are invented" in (site / "index.html").read_text()
    for page in site.rglob("*.html"):
        # The page of dbt makes its links in the browser.
        links = [] if page.parent.name == "docs" else re.findall(r'(?:href|src)="([^"#]+)', page.read_text())
        assert [link for link in links if not (page.parent / link).is_file()] == [], page
    assert str(folder) not in (site / "docs" / "index.html").read_text()
