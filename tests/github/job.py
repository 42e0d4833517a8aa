"""A job of a scheduled workflow in which `make alert` runs."""

import datetime as dt
from typing import Any

from pipelines.lake import manifest
from pipelines.lake.store import Lake
from tests.account import same_environment
from tests.machine import Machine
from tests.simulators.github.server import TOKEN, GitHub, Repository

NOW = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
READ = {"account": "Somebody", "read_at": NOW.isoformat(), "exit_code": 0, "resources": [], "tests_failed": []}
WELL = "extract=success build=skipped"


class Job:
    """A job of the workflow. `ends` gives the outcome of its steps and runs `make alert`; `wrote` fills the lake."""

    def __init__(self, machine: Machine, github: GitHub) -> None:
        self.machine = machine
        self.github = github
        self.summary = machine.folder / "summary.md"
        machine.folder.joinpath("data").mkdir()
        self.lake = Lake(str(machine.lake))
        self.wrote(manifest.LAST_RUN, **READ)

    def wrote(self, name: str, **content: Any) -> None:
        self.lake.write_json(name, READ | content)

    def ends(self, steps: str = WELL, status: str = "success", **environment: str) -> int:
        values = {"GITHUB_TOKEN": TOKEN, "JOB_STATUS": status, "STEPS": steps, "GITHUB_STEP_SUMMARY": str(self.summary)}
        with same_environment():
            return self.machine.type("alert", **self.github.environment | values | environment)

    @property
    def repository(self) -> Repository:
        return self.github.repository

    @property
    def issue(self) -> tuple[str, str]:
        """State and visible text of the only issue."""
        (issue,) = self.repository.issues
        assert issue["labels"] == [{"name": "spotify-elt"}]
        return issue["state"], issue["body"].partition("<!--")[0]


def consented(days_left: int) -> str:
    """A day of consent such that the consent ends in about so many days; months differ in length."""
    return (NOW + dt.timedelta(days=days_left - 182)).date().isoformat()
