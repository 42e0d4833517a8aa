"""What a scheduler learns of a step: that it passed, that it should try again, or why it failed."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from orchestration import run, scheduled_steps
from orchestration.exit_codes import Exit
from orchestration.report.run_record import RunRecord
from orchestration.scheduled_steps import StepBusy, StepFailed, step
from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import BuildResult
from pipelines.lake.lock import Busy, locked
from pipelines.settings import load_settings
from pipelines.spotify.errors import ConsentNeeded
from tests.account import Account


def ends_with(monkeypatch: pytest.MonkeyPatch, exit_code: Exit, **facts: Any) -> None:
    def extract(settings: Any) -> RunRecord:
        return RunRecord("extract", settings.now, False, "lake", "tables", exit_code=exit_code, **facts)

    monkeypatch.setattr(run, "extract", extract)


def fails_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def extract(settings: Any) -> RunRecord:
        raise error

    monkeypatch.setattr(run, "extract", extract)


@pytest.fixture
def settings(tmp_path: Path) -> Any:
    return load_settings({"SPOTIFY_CLIENT_ID": "any", "SPOTIFY_REFRESH_TOKEN": "any"}, tmp_path)


@pytest.mark.parametrize("code", [Exit.OK, Exit.RESOURCES_STOPPED])
def test_a_step_passes_when_all_or_some_resources_were_read(
    monkeypatch: pytest.MonkeyPatch, settings: Any, code: Exit
) -> None:
    ends_with(monkeypatch, code)
    assert step("extract", settings).exit_code == code


@pytest.mark.parametrize("code", [code for code in Exit if code not in scheduled_steps.PASSED])
def test_every_other_code_fails_with_that_code(monkeypatch: pytest.MonkeyPatch, settings: Any, code: Exit) -> None:
    ends_with(monkeypatch, code, ended_by="because")
    with pytest.raises(StepFailed, match="because") as failed:
        step("extract", settings)
    assert failed.value.exit_code == code
    assert isinstance(failed.value, StepBusy) is (code is Exit.BUSY)


def test_an_error_has_the_message_of_the_command_line(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    fails_with(monkeypatch, ConsentNeeded("the consent has ended; run `make login`"))
    with pytest.raises(StepFailed) as failed:
        step("extract", settings)
    assert (str(failed.value), failed.value.exit_code) == ("the consent has ended; run `make login`", 4)


def test_another_run_at_work_is_not_a_failure_but_busy(settings: Any) -> None:
    with locked(Path(settings.lake_url), "elt"), pytest.raises(StepBusy, match="another run on this machine"):
        step("extract", settings)


def test_an_error_in_the_program_names_the_file_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    fails_with(monkeypatch, KeyError("x"))
    with pytest.raises(StepFailed, match=r"broken: KeyError: 'x'\ndetails: .*last_error.txt") as failed:
        step("extract", settings)
    assert failed.value.exit_code == Exit.BROKEN


def test_an_interrupt_stays_an_interrupt(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    fails_with(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        step("extract", settings)


def test_a_failure_survives_the_way_to_another_process() -> None:
    for error in (StepFailed("because", 6), StepBusy("another run", 7)):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy), copy.exit_code) == (type(error), str(error), error.exit_code)
    assert issubclass(StepBusy, StepFailed)
    assert not issubclass(StepFailed, Busy)


def test_a_build_fails_with_the_tests_that_failed_and_prints_nothing(
    monkeypatch: pytest.MonkeyPatch, copied_account: Account, capfd: pytest.CaptureFixture[str]
) -> None:
    given: list[tuple[str, ...]] = []

    def build(project: Any, arguments: tuple[str, ...]) -> BuildResult:
        given.append(arguments)
        return BuildResult(models=3, tests=2, skipped=0, failed=("primary key: 2 rows",), broken=(), seconds=0.0)

    monkeypatch.setattr(dbt, "build", build)
    monkeypatch.setattr(dbt, "import_first", lambda target: None)
    with pytest.raises(StepFailed, match="test failed: primary key: 2 rows\n") as failed:
        step("build", copied_account.ready(), arguments=("--select", "fct_plays"))
    assert failed.value.exit_code == Exit.TESTS_FAILED
    assert given == [("--select", "fct_plays")]
    assert capfd.readouterr() == ("", "")
