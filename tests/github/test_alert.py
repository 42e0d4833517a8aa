"""One issue is open while a person is needed. A new or ended reason adds a comment. No played track is shown."""

import pytest

from orchestration.exit_codes import Exit
from pipelines.lake import manifest
from tests.github.job import Job, consented
from tests.machine import Machine
from tests.simulators.github.server import TOKEN, GitHub


@pytest.fixture
def job(machine: Machine, github: GitHub) -> Job:
    return Job(machine, github)


def test_nothing_is_written_while_nothing_is_wrong(job: Job) -> None:
    for _ in range(2):
        assert job.ends() == 0
    assert job.repository.changes == []


def test_a_failed_step_opens_one_issue_and_the_same_failure_again_changes_nothing(job: Job) -> None:
    for _ in range(3):
        assert job.ends("extract=failure build=skipped", "failure") == 0
    assert job.repository.changes == ["POST /issues"]
    state, text = job.issue
    assert state == "open"
    assert "`make extract` failed. [Its log](https://github.example/somebody/spotify-elt/actions/runs/17)" in text


def test_the_issue_is_closed_with_a_comment_when_nothing_is_wrong_and_opened_again_later(job: Job) -> None:
    job.ends("extract=failure", "failure")
    job.ends()
    assert job.issue[0] == "closed"
    assert [text.partition(" (")[0] for text in job.repository.comments] == ["Nothing is wrong any more"]
    job.ends("extract=failure", "failure")
    assert job.issue[0] == "open"
    assert len(job.repository.comments) == 2


def test_a_reason_that_this_job_has_no_evidence_about_stays(job: Job) -> None:
    job.ends("extract=skipped build=failure", "failure")
    job.ends("extract=success build=skipped")
    assert job.issue[0] == "open"
    job.ends("extract=skipped build=success")
    assert job.issue[0] == "closed"


def test_a_job_that_fails_before_its_steps_is_a_reason(job: Job) -> None:
    job.ends("extract=skipped build=skipped", "failure")
    assert "before its first step of work" in job.issue[1]
    job.ends("extract= build=", "cancelled")
    assert job.issue[0] == "open"
    job.ends()
    assert job.issue[0] == "closed"


def test_a_cancelled_job_is_no_reason(job: Job) -> None:
    job.ends("extract=cancelled build=skipped", "cancelled")
    assert job.repository.changes == []


def test_an_issue_that_a_person_closed_stays_closed_until_there_is_a_new_reason(job: Job) -> None:
    job.ends("extract=failure", "failure")
    job.repository.issues[0]["state"] = "closed"
    job.ends("extract=failure", "failure")
    assert job.issue[0] == "closed"
    job.wrote(manifest.LAST_BUILD, tests_failed=["unique key of marts.dim_tracks: 3 rows"])
    job.ends("extract=failure", "failure")
    assert job.issue[0] == "open"
    (comment,) = job.repository.comments
    assert "marts.dim_tracks" in comment
    assert "make extract" not in comment


def test_log_issue_and_summary_do_not_show_who_listens_or_to_what(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert job.machine.type("elt", **job.github.environment) == 0
    job.ends("extract=failure", "failure", SPOTIFY_CONSENTED_AT=consented(3))
    (issue,) = job.repository.issues
    shown = capsys.readouterr().out + issue["body"] + job.summary.read_text()
    assert "models built" in shown
    assert "extract: failure" in shown
    heard = job.machine.last_run
    names = {heard["account"], *(row["artist"] for row in heard["top_artists"])}
    assert len(names) > 3
    assert not [name for name in names if name in shown]


def test_other_issues_with_the_label_and_pull_requests_stay_unchanged(job: Job) -> None:
    job.repository.add("A question", "How?", ["spotify-elt"])
    job.ends("extract=failure", "failure")
    assert [issue["title"] for issue in job.repository.issues] == ["A question", "spotify-elt needs a person"]
    copied = job.repository.issues[1]["body"]
    job.repository.add("Copies it", copied, ["spotify-elt"], pull_request={})
    job.ends()
    assert [issue["state"] for issue in job.repository.issues] == ["open", "closed", "open"]


@pytest.mark.parametrize(
    ("answers", "message"), [([403], "GitHub answers 403"), ([502, 502, 502], "GitHub answers 502")]
)
def test_an_error_of_github_gives_one_line_and_an_exit_code(
    job: Job, capsys: pytest.CaptureFixture[str], answers: list[int], message: str
) -> None:
    job.repository.answers = answers
    assert job.ends("extract=failure", "failure") == Exit.BROKEN
    text = capsys.readouterr().err
    assert message in text
    assert text.count("\n") == 1
    assert TOKEN not in text


def test_in_a_fork_without_issues_the_summary_has_the_reasons_and_says_how_to_switch_issues_on(
    job: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    job.repository.has_issues = False
    assert job.ends("extract=failure", "failure") == 0
    printed = capsys.readouterr()
    for shown in (printed.out, job.summary.read_text()):
        assert "`make extract` failed" in shown
        assert "`gh repo edit --enable-issues`" in shown
    assert printed.err == ""
    job.repository.has_issues = True
    job.ends("extract=failure", "failure")
    assert job.issue[0] == "open"


def test_issues_that_are_switched_off_in_mid_life_fail_no_job(job: Job) -> None:
    job.ends("extract=failure", "failure")
    job.repository.has_issues = False
    assert job.ends("extract=failure", "failure") == 0
    assert job.ends() == 0


def test_a_request_is_repeated_after_an_error_on_githubs_side(job: Job) -> None:
    job.repository.answers = [502]
    assert job.ends("extract=failure", "failure") == 0
    assert job.issue[0] == "open"


def test_outside_of_a_job_the_message_says_what_alert_needs(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert job.machine.type("alert") == Exit.CONFIGURATION
    assert "GITHUB_TOKEN" in capsys.readouterr().err
