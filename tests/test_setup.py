"""How the Makefile creates the environment, with stand-ins for Python, pip and uv."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkout import UV, Checkout, python, write_script


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path.resolve())


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


def test_a_python_without_venv_is_skipped_if_another_has_it(checkout: Checkout) -> None:
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
