"""The Makefile, with stand-ins for Python, pip, uv and the console script."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import cli

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()
VERBS = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)
COMMANDS = list(cli.VERBS)
TOOLS = ("make", "sh", "awk", "cat", "cp", "find", "mkdir", "rm", "tail")

PROGRAM = '#!/bin/sh\necho "ran $* with DEMO_DAYS=$DEMO_DAYS"\nexit ${CODE:-0}\n'
PYTHON = """#!/bin/sh
case "$*" in
    *version_info*) exit {too_old} ;;
    *ensurepip*) exit {bare} ;;
    '-m venv .venv') mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    '-m pip install '*) echo "${{0##*/}} $*" >>installed; {install} ;;
esac
"""
UV = """#!/bin/sh
case "$*" in
    'venv '*) mkdir -p .venv/bin && cp "$3" .venv/bin/python ;;
    'pip install '*) echo "uv $*" >>installed ;;
    'python find '*) exit 1 ;;
esac
"""


class Checkout:
    """A folder with the Makefile alone, on a machine that has the named tools alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "check out"
        self.tools = folder / "tools"
        self.tools.mkdir()
        for tool in TOOLS:
            (self.tools / tool).symlink_to(shutil.which(tool) or pytest.fail(f"{tool} is needed"))
        for name in ("pipelines", "orchestration", "tests"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "Makefile").write_text(MAKEFILE)
        (self.folder / "requirements.lock").touch()
        (self.folder / "pyproject.toml").touch()

    @property
    def env(self) -> Path:
        return self.folder / ".venv"

    @property
    def installed(self) -> list[str]:
        record = self.folder / "installed"
        return record.read_text().splitlines() if record.exists() else []

    def has(self, name: str, script: str) -> None:
        write_script(self.tools / name, script)

    def is_ready(self) -> "Checkout":
        for name in ("python", "spotify-elt"):
            write_script(self.env / "bin" / name, PROGRAM)
        (self.env / ".ready").write_text(str(self.folder))
        return self

    def make(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {"PATH": str(self.tools), "HOME": str(self.folder)}
        return subprocess.run(
            ["make", *words], cwd=self.folder, env=clean | environment, capture_output=True, text=True, check=False
        )


def write_script(file: Path, script: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(script)
    file.chmod(0o755)


def python(*, too_old: bool = False, bare: bool = False, install: str = "exit 0") -> str:
    return PYTHON.format(too_old=int(too_old), bare=int(bare), install=install)


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


def test_the_quick_tests_leave_out_java_and_terraform_and_test_all_runs_them(checkout: Checkout) -> None:
    quick, every = (checkout.is_ready().make(verb, "ARGS=-k lake").stdout for verb in ("test", "test-all"))
    assert "-m not java and not terraform -k lake" in quick
    assert "not java" not in every
    assert "-k lake" in every


def test_a_name_given_to_make_reaches_the_program(checkout: Checkout) -> None:
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


def test_clean_leaves_data_alone(checkout: Checkout) -> None:
    kept = checkout.is_ready().folder / "data" / "spotify.duckdb"
    kept.parent.mkdir()
    kept.touch()
    cache = checkout.folder / "pipelines" / "demo" / "__pycache__"
    cache.mkdir(parents=True)
    assert checkout.make("clean").returncode == 0
    assert kept.exists()
    assert not checkout.env.exists()
    assert not cache.exists()


def test_set_up_installs_the_hashed_lock_and_then_the_project(checkout: Checkout) -> None:
    checkout.has("python3", python())
    printed = checkout.make("setup")
    assert printed.returncode == 0, printed.stderr
    assert printed.stderr == "setting up (once, about a minute) ...\n"
    lock, project = checkout.installed
    assert "--no-deps --require-hashes -r requirements.lock" in lock
    assert "--no-deps --no-build-isolation -e ." in project


def test_set_up_happens_once(checkout: Checkout) -> None:
    checkout.has("python3", python())
    for _ in range(2):
        assert checkout.make("setup").returncode == 0
    assert len(checkout.installed) == 2


def test_uv_is_used_where_there_is_one_and_needs_no_venv_module(checkout: Checkout) -> None:
    checkout.has("uv", UV)
    checkout.has("python3", python(bare=True))
    assert checkout.make("setup").returncode == 0
    assert [line.split()[0] for line in checkout.installed] == ["uv", "uv"]


def test_a_python_without_venv_is_passed_over_for_one_that_has_it(checkout: Checkout) -> None:
    checkout.has("python3.13", python(bare=True))
    checkout.has("python3", python())
    assert checkout.make("setup").returncode == 0


@pytest.mark.parametrize(
    ("pythons", "words", "message"),
    [
        ({}, [], "no Python 3.11 or newer was found"),
        ({"python3": python(too_old=True)}, [], "no Python 3.11 or newer was found"),
        ({"python3": python(), "old": python(too_old=True)}, ["PYTHON=old"], "old is not Python 3.11 or newer"),
        ({"python3": python(bare=True)}, [], "python3 comes without venv and pip"),
        ({"python3": python(install="echo Connection refused; exit 1")}, [], "the package index cannot be reached"),
        ({"python3": python(install="echo No space left; exit 1")}, [], "No space left\nset-up stopped:"),
    ],
    ids=["no python", "old python", "old python named", "no venv", "no network", "full disk"],
)
def test_a_set_up_that_fails_prints_the_cause_and_leaves_nothing(
    checkout: Checkout, pythons: dict[str, str], words: list[str], message: str
) -> None:
    for name, script in pythons.items():
        checkout.has(name, script)
    printed = checkout.make("elt", *words)
    assert printed.returncode != 0
    assert message in printed.stderr
    assert not checkout.env.exists()


def half_made(checkout: Checkout) -> None:
    (checkout.env / ".ready").unlink()


def moved(checkout: Checkout) -> None:
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("elsewhere"))


def without_its_python(checkout: Checkout) -> None:
    (checkout.env / "bin" / "python").unlink()


@pytest.mark.parametrize("happened", [half_made, moved, without_its_python])
def test_an_environment_that_cannot_work_is_created_again(
    checkout: Checkout, happened: Callable[[Checkout], None]
) -> None:
    checkout.has("python3", python())
    checkout.is_ready()
    happened(checkout)
    assert checkout.make("setup").returncode == 0
    assert not (checkout.env / "bin" / "spotify-elt").exists()
    assert len(checkout.installed) == 2


def test_a_changed_lock_is_installed_into_the_existing_environment(checkout: Checkout) -> None:
    checkout.is_ready()
    write_script(checkout.env / "bin" / "python", python())
    os.utime(checkout.env / ".ready", (0, 0))
    assert checkout.make("setup").returncode == 0
    assert (checkout.env / "bin" / "spotify-elt").exists()
    assert len(checkout.installed) == 2
