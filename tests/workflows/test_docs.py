"""The steps of the docs job, run in a fresh clone."""

from collections.abc import Callable
from pathlib import Path

from tests.workflows.workflow import Job


def test_the_docs_job_leaves_one_page_and_nothing_else_to_publish(
    clone: Callable[[], Path], runner: dict[str, str]
) -> None:
    job, folder = Job("docs.yml", "build"), clone()
    ran = job.run(folder, {}, runner)
    assert ran.status == "success", ran.printed
    (published,) = (step["with"]["path"] for step in job.steps if "upload-pages-artifact" in step.get("uses", ""))
    assert [file.name for file in (folder / published).rglob("*")] == ["index.html"]
    assert "fct_plays" in (folder / published / "index.html").read_text()
