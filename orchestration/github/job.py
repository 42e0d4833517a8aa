"""What GitHub Actions tells a job of itself. Nobody sets these by hand, so they are not among the settings."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.settings import BadSetting


@dataclass(frozen=True)
class Job:
    """One job of a workflow. `steps` is how each part ended so far: success, failure, cancelled or skipped."""

    repository: str
    token: str = field(repr=False)
    api_url: str
    server_url: str
    run_url: str
    status: str
    steps: dict[str, str]
    summary: Path | None
    is_here: bool

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Job":
        found = {name: environment.get(name, "").strip() for name in NAMES}
        server_url = found["GITHUB_SERVER_URL"].rstrip("/")
        return cls(
            repository=found["GITHUB_REPOSITORY"],
            token=found["GITHUB_TOKEN"],
            api_url=found["GITHUB_API_URL"].rstrip("/"),
            server_url=server_url,
            run_url=f"{server_url}/{found['GITHUB_REPOSITORY']}/actions/runs/{found['GITHUB_RUN_ID']}",
            status=found["JOB_STATUS"],
            steps=dict(_pair(word) for word in found["STEPS"].split()),
            summary=Path(found["GITHUB_STEP_SUMMARY"]) if found["GITHUB_STEP_SUMMARY"] else None,
            is_here=found["GITHUB_ACTIONS"] == "true",
        )

    def needed(self, what_for: str) -> "Job":
        """This job, or BadSetting when it is none."""
        if self.repository and self.api_url and self.token:
            return self
        raise BadSetting(f"{what_for}: this needs a GitHub Actions job, with GITHUB_TOKEN given to its step")


def current_job() -> Job:
    """The GitHub Actions job that this process runs in, if it does."""
    return Job.of(os.environ)


def environment_with(**more: str) -> dict[str, str]:
    """The environment of this process with these variables, for a program that it starts."""
    return os.environ | more


# The runner sets all but the last three, which the workflow gives to the step that needs them.
NAMES = (
    "GITHUB_ACTIONS",
    "GITHUB_API_URL",
    "GITHUB_REPOSITORY",
    "GITHUB_RUN_ID",
    "GITHUB_SERVER_URL",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_TOKEN",
    "JOB_STATUS",
    "STEPS",
)


def _pair(word: str) -> tuple[str, str]:
    """`extract=success`; a step that was not reached has no outcome: `build=`."""
    name, _, outcome = word.partition("=")
    return name, outcome or "skipped"
