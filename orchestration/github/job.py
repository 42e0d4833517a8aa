"""The GitHub Actions job that a verb runs in.

A job's values are environment variables that the runner or the workflow sets. They are no settings, because no user
sets them.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.settings import BadSetting


@dataclass(frozen=True)
class Job:
    """One job of a workflow. `steps` holds the outcome of each step so far: success, failure, cancelled or skipped."""

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
        """The job that these environment variables describe; `is_here` is false if they describe no job."""
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
        """This job. Raises BadSetting outside of a job, or when the job has no token."""
        if self.repository and self.api_url and self.token:
            return self
        raise BadSetting(f"{what_for} runs only in a GitHub Actions job whose step sets GITHUB_TOKEN")

    def mask_bucket(self, lake_url: str) -> None:
        """Make the runner print *** for the name of the lake's bucket. Does nothing outside of a job.

        Source: GitHub Docs, "Workflow commands for GitHub Actions", masking a value in a log.
        """
        if self.is_here and lake_url.startswith("s3://"):
            print(f"::add-mask::{lake_url.split('/')[2]}", flush=True)


def current_job() -> Job:
    """The job that this process runs in."""
    return Job.of(os.environ)


def environment_with(**more: str) -> dict[str, str]:
    """The environment of this process with more variables, for a program that it starts."""
    return os.environ | more


# The runner sets the first six. The workflow sets the last three for the steps that need them.
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
