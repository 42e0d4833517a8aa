"""Each reason why a person is needed, and the text that says what to do."""

import datetime as dt
from pathlib import Path

import pytest

from orchestration.exit_codes import Exit
from pipelines.lake import manifest
from tests.github.job import NOW, Job, consented
from tests.machine import Machine
from tests.simulators.github.server import GitHub

# No credentials: a request to AWS fails before it leaves the machine.
NO_AWS = {
    "AWS_REGION": "eu-central-1",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture
def job(machine: Machine, github: GitHub) -> Job:
    return Job(machine, github)


@pytest.mark.parametrize(
    ("days", "text"), [(200, None), (25, "The consent ends on"), (4, "The consent ends on"), (-9, "has ended")]
)
def test_the_end_of_the_consent_is_a_reason_that_says_what_to_do(job: Job, days: int, text: str | None) -> None:
    job.ends(SPOTIFY_CONSENTED_AT=consented(days))
    if text is None:
        assert job.repository.issues == []
        return
    assert text in job.issue[1]
    assert "make login" in job.issue[1]


def test_the_end_of_a_consent_is_announced_three_times(job: Job) -> None:
    for days in (29, 20, 10, 5, 4, -5, -6):
        job.ends(SPOTIFY_CONSENTED_AT=consented(days))
    assert len(job.repository.comments) == 2
    assert "has ended" in job.issue[1]


def test_a_refused_consent_is_a_reason_even_if_its_date_is_unknown(job: Job) -> None:
    job.wrote(manifest.LAST_FAILURE, exit_code=Exit.CONSENT_NEEDED, message="Somebody's token is dead")
    job.ends("extract=failure", "failure")
    assert "The consent has ended" in job.issue[1]


def test_the_text_names_the_login_command_for_the_token_store_in_use(job: Job) -> None:
    job.wrote(manifest.LAST_RUN, exit_code=Exit.CONSENT_NEEDED)
    job.ends(SPOTIFY_REFRESH_TOKEN="", SPOTIFY_TOKEN_FILE="ssm:/spotify-elt/token", **NO_AWS)
    assert "`make login SPOTIFY_TOKEN_FILE=ssm:/spotify-elt/token AWS_REGION=eu-central-1`" in job.issue[1]
    job.ends(SPOTIFY_REFRESH_TOKEN="any")
    assert "`SPOTIFY_REFRESH_TOKEN`" in job.issue[1]


def test_an_app_that_spotify_refuses_is_a_reason(job: Job) -> None:
    job.machine.demo_server.switch(premium=False)
    assert job.machine.type("extract") == Exit.CONFIGURATION
    job.ends("extract=failure", "failure")
    assert "the owner of the app has no active Premium" in job.issue[1]


def test_a_long_lock_is_a_reason_until_it_is_over_and_a_short_one_is_none(job: Job) -> None:
    def locked_for(hours: int) -> None:
        until = str(NOW + dt.timedelta(hours=hours))
        job.wrote(manifest.LAST_RUN, resources=[{"resource": "saved_tracks", "not_before": until}])
        job.ends()

    locked_for(hours=3)
    assert job.repository.issues == []
    for hours in (22, 21, 2):
        locked_for(hours)
    assert "Spotify has locked `saved_tracks` until" in job.issue[1]
    assert job.repository.comments == []
    job.wrote(manifest.LAST_RUN)
    job.ends()
    assert job.issue[0] == "closed"


def test_a_lake_that_cannot_be_read_is_a_reason_and_keeps_the_earlier_ones(job: Job) -> None:
    job.wrote(manifest.LAST_BUILD, tests_failed=["not_null of marts.dim_tracks: 1 row"])
    job.ends()
    record = Path(job.lake.root) / manifest.LAST_RUN
    record.unlink()
    record.mkdir()  # a damaged record would count as missing
    job.ends()
    assert "The lake cannot be read (IsADirectoryError)" in job.issue[1]
    assert "marts.dim_tracks" in job.issue[1]


def test_a_wrong_setting_is_named_without_its_value(job: Job) -> None:
    assert job.ends("extract=failure", "failure", TIME_ZONE="Mars/Olympus") == 0
    assert "`TIME_ZONE`" in job.issue[1]
    assert "Mars" not in job.repository.issues[0]["body"]
    job.ends()
    assert job.issue[0] == "closed"
