"""The verbs of the Makefile, with stand-ins for Python and the console script."""

import re
from pathlib import Path

import pytest

from orchestration import cli
from pipelines.settings import ROOT
from tests.checkout import MAKEFILE, Checkout
from tests.conftest import SLOW

VERBS = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)
COMMANDS = list(cli.VERBS)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path.resolve())


def test_make_alone_lists_every_verb_with_its_help(checkout: Checkout) -> None:
    listed = dict(re.findall(r"^make ([a-z-]+) +(\w.*)$", checkout.make().stdout, re.MULTILINE))
    assert set(listed) == set(VERBS) - {"help"}
    assert not checkout.env.exists()


def test_make_and_the_command_line_have_the_same_help(checkout: Checkout) -> None:
    listed = dict(re.findall(r"^make ([a-z-]+) +(\w.*)$", checkout.make().stdout, re.MULTILINE))
    assert {name: verb.help for name, verb in cli.VERBS.items()} == {name: listed[name] for name in cli.VERBS}


def test_every_verb_is_a_verb_even_where_a_file_has_its_name() -> None:
    assert set(VERBS) == set(re.findall(r"^\.PHONY: (?!\$)(.*)", MAKEFILE, re.MULTILINE)[0].split())


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_verb_runs_the_command_of_its_name(checkout: Checkout, verb: str) -> None:
    assert checkout.is_ready().make(verb).stdout == f"ran {verb} with DEMO_DAYS=\n"


@pytest.mark.parametrize("verb", [name for name, verb in cli.VERBS.items() if verb.options or verb.passes_arguments])
def test_options_given_to_make_reach_every_verb_that_has_options(checkout: Checkout, verb: str) -> None:
    made = checkout.is_ready().make(verb, "ARGS=--select fct_plays+ --full")
    assert made.stdout == f"ran {verb} --select fct_plays+ --full with DEMO_DAYS=\n"


def test_the_quick_tests_leave_out_slow_ones_java_and_terraform_and_test_all_runs_all(checkout: Checkout) -> None:
    quick = "-m not slow and not java and not terraform -k lake"
    assert quick in checkout.is_ready().make("test", "ARGS=-k lake").stdout
    alone, rest = (line for line in checkout.is_ready().make("test-all").stdout.splitlines() if "ran -m pytest" in line)
    assert "-m java or terraform" in alone
    assert "-m not (java or terraform)" in rest


def test_every_slow_file_exists() -> None:
    assert [name for name in SLOW if not (ROOT / name).is_file()] == []


def test_a_setting_given_to_make_reaches_the_program(checkout: Checkout) -> None:
    assert checkout.is_ready().make("elt", "DEMO_DAYS=1").stdout == "ran elt with DEMO_DAYS=1\n"


@pytest.mark.parametrize("verb", ["elt", "extract"])
def test_stopped_resources_are_a_success_for_make(checkout: Checkout, verb: str) -> None:
    assert checkout.is_ready().make(verb, CODE="3").returncode == 0


@pytest.mark.parametrize("verb", ["elt", "extract"])
@pytest.mark.parametrize("code", [1, 2, 4, 5, 6, 7])
def test_make_fails_with_any_other_code_and_names_it(checkout: Checkout, verb: str, code: int) -> None:
    made = checkout.is_ready().make(verb, CODE=str(code))
    assert made.returncode != 0
    assert f"Error {code}" in made.stderr


def test_clean_does_not_delete_data(checkout: Checkout) -> None:
    kept = checkout.is_ready().folder / "data" / "spotify.duckdb"
    kept.parent.mkdir()
    kept.touch()
    cache = checkout.folder / "pipelines" / "demo" / "__pycache__"
    cache.mkdir(parents=True)
    assert checkout.make("clean").returncode == 0
    assert kept.exists()
    assert not checkout.env.exists()
    assert not cache.exists()
