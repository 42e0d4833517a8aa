"""The command line: every verb of the table exists, and options reach the function of their verb."""

import io
import re
import subprocess
import sys
from importlib import import_module

import pytest

from orchestration.cli import call
from orchestration.exit_codes import Exit
from orchestration.verb_table import VERBS
from pipelines.settings import ROOT
from tests.machine import Machine
from tests.simulators.aws.server import LAKE_URL, REGION, Cloud

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", VERBS)
def test_the_function_of_a_verb_exists(name: str) -> None:
    module, _, function = VERBS[name].function.partition(":")
    assert callable(getattr(import_module(f"orchestration.{module}"), function))


@pytest.mark.parametrize("arguments", [["elt", "--ful"], ["status", "--full"], ["nonsense"], []])
def test_an_unknown_verb_or_option_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call(arguments)
    assert ended.value.code == Exit.USAGE


def test_help_does_not_import_dlt_or_dbt() -> None:
    code = "import sys; from orchestration.cli import call\ntry: call(['--help'])\nfinally: print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "'orchestration.cli'" in done.stdout
    assert "'dlt'" not in done.stdout
    assert "'dbt'" not in done.stdout


@pytest.mark.parametrize("verb", ["status", "elt"])
def test_a_package_that_a_plain_install_leaves_out_is_named_in_one_line(verb: str) -> None:
    code = f"import sys; sys.modules['rich'] = None; from orchestration.cli import call; sys.exit(call(['{verb}']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == Exit.CONFIGURATION
    message = "the package rich[.a-z]* is missing; install spotify-elt\\[elt\\], or use `make` in a clone\n"
    assert re.fullmatch(message, done.stderr)


def test_build_passes_a_selection_on_to_dbt(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    capsys.readouterr()
    assert machine.type("build", "--select", "+stg_spotify__saved_tracks", "--full-refresh") == 0
    (models,) = re.findall(r"^(\d+) models built, ", capsys.readouterr().out, re.MULTILINE)
    assert 0 < int(models) < 10


def test_an_option_that_dbt_does_not_have_ends_with_2_and_dbts_message(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    assert machine.type("build", "--nonsense") == Exit.USAGE
    assert "dbt build: No such option '--nonsense'" in capsys.readouterr().err


def test_forget_names_the_argument_that_deletes_the_tables_of_production(
    machine: Machine, cloud: Cloud, capsys: Capture
) -> None:
    machine.environment |= {"LAKE_URL": LAKE_URL, "AWS_REGION": REGION, "TARGET": "prod"}
    assert machine.type("extract") == 0
    capsys.readouterr()
    assert machine.type("forget") == Exit.USAGE
    assert "`make infra ARGS=-destroy`" in capsys.readouterr().out
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "terraform apply $(ARGS)" in makefile


def test_a_question_that_nobody_answers_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("orchestration.verbs.status.status", lambda settings, check: input())
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert call(["status"]) == 2
    assert "nothing was changed" in capsys.readouterr().err


def test_a_query_that_ctrl_c_ended_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(settings: object, check: bool) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("orchestration.verbs.status.status", interrupted)
    assert call(["status"]) == Exit.INTERRUPTED
    assert capsys.readouterr().err == ""
