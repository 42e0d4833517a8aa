"""The steps of the jobs for users without AWS, one job after another, each in a fresh clone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.github.server import TOKEN, GitHub
from tests.simulators.spotify.demo_server import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, DemoServer
from tests.workflows.conftest import git
from tests.workflows.workflow import Job, Ran

HOURLY, DAILY = "11 * * * *", "41 5 * * *"
SETTINGS = {
    "github.token": TOKEN,
    "inputs.verb": "",
    "secrets.SPOTIFY_CLIENT_SECRET": CLIENT_SECRET,
    "secrets.SPOTIFY_REFRESH_TOKEN": REFRESH_TOKEN,
    "vars.AWS_REGION": "",
    "vars.SPOTIFY_CLIENT_ID": CLIENT_ID,
    "vars.SPOTIFY_CONSENTED_AT": "",
    "vars.TIME_ZONE": "",
    "vars.EXCLUSIONS_FILE": "",
}


class Schedule:
    """`comes(HOURLY)` is one run of the workflow. Only the remote keeps anything between two runs."""

    def __init__(
        self, clone: Callable[[], Path], runner: dict[str, str], remote: Path, demo_server: DemoServer
    ) -> None:
        self.clone, self.remote, self.demo_server = clone, remote, demo_server
        addresses = {"SPOTIFY_API_URL": demo_server.api_url, "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url}
        self.runner = runner | addresses
        self.job = Job("elt-without-aws.yml", "elt")

    def comes(self, when: str) -> Ran:
        self.demo_server.clock(seconds=1)
        return self.job.run(self.clone(), SETTINGS | {"github.event.schedule": when}, self.runner)

    def record(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(git(self.remote, "show", f"spotify-data:{name}.json"))
        return found


@pytest.fixture
def schedule(
    clone: Callable[[], Path], runner: dict[str, str], remote: Path, demo_servers: Callable[..., DemoServer]
) -> Schedule:
    return Schedule(clone, runner, remote, demo_servers(size=30, playlists=1, playlist_items=5))


def test_each_run_continues_where_the_last_one_ended_even_if_every_token_is_replaced(
    schedule: Schedule, github: GitHub
) -> None:
    schedule.demo_server.switch(rotation=True)
    first = schedule.comes(HOURLY)
    assert first.status == "success", first.printed
    assert schedule.record("last_run")["rows_appended"]["saved_tracks"] == 30
    schedule.demo_server.clock(hours=1)
    second = schedule.comes(HOURLY)
    assert second.status == "success", second.printed
    assert schedule.record("last_run")["rows_appended"].get("saved_tracks", 0) == 0
    daily = schedule.comes(DAILY)
    assert daily.outcomes["make extract"] == "skipped"
    assert schedule.record("last_build")["tests_failed"] == []
    assert schedule.record("last_build")["models_built"] > 10
    assert git(schedule.remote, "rev-list", "--count", "spotify-data") == "1"
    assert github.repository.issues == []
    printed = first.printed + second.printed + daily.printed
    assert not [secret for secret in (TOKEN, CLIENT_SECRET, "demo-refresh-") if secret in printed]


def test_a_refused_run_keeps_the_lake_and_opens_an_issue_that_the_next_good_run_closes(
    schedule: Schedule, github: GitHub
) -> None:
    schedule.comes(HOURLY)
    schedule.demo_server.switch(premium=False)
    refused = schedule.comes(HOURLY)
    assert refused.outcomes["make extract"] == "failure"
    assert refused.outcomes["make backup"] == refused.outcomes["make alert"] == "success"
    (issue,) = github.repository.issues
    assert issue["state"] == "open"
    assert "the owner of the app has no active Premium" in issue["body"]
    schedule.demo_server.switch(premium=True)
    assert schedule.comes(HOURLY).status == "success"
    assert issue["state"] == "closed"


def test_nothing_is_written_to_a_public_repository(schedule: Schedule, github: GitHub) -> None:
    github.repository.visibility = "public"
    ran = schedule.comes(HOURLY)
    assert "private repository only" in ran.printed
    assert ran.outcomes["make restore"] == "failure"
    assert ran.outcomes["make extract"] == ran.outcomes["make backup"] == "skipped"
    assert git(schedule.remote, "branch", "--list", "spotify-data") == ""
    assert schedule.demo_server.requests() == {}
    assert "`make restore` failed" in github.repository.issues[0]["body"]
