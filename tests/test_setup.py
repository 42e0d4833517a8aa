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


def fails(said: str) -> dict[str, str]:
    return {"python3": python(install=f"echo '{said}'; exit 1")}


@pytest.mark.parametrize(
    ("pythons", "words", "message"),
    [
        ({}, [], "no Python 3.11 or newer was found"),
        ({"python3": python(too_old=True)}, [], "no Python 3.11 or newer was found"),
        ({"python3": python(), "old": python(too_old=True)}, ["PYTHON=old"], "old is not Python 3.11 or newer"),
        ({"python3": python(bare=True)}, [], "python3 comes without venv and pip"),
        (fails("Connection refused"), [], "the package index cannot be reached"),
        (fails("No space left on device"), [], "the disk is full"),
        (fails("SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED]; Connection aborted"), [], "is not trusted"),
        (fails("ProxyError: Cannot connect to proxy. Connection refused"), [], "the proxy refuses the connection"),
        (fails("error: gcc failed; Failed building wheel for any"), [], "a package has no wheel for this Python"),
        (fails("THESE PACKAGES DO NOT MATCH; do not match the hashes"), [], "not the one in requirements.lock"),
        (fails("ResolutionImpossible"), [], "the lines above say why"),
    ],
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


def test_the_screen_shows_the_cause_above_many_last_lines_and_a_file_has_everything(checkout: Checkout) -> None:
    lines = " ".join(f"line-{number}" for number in range(60))
    checkout.has("python3", python(install=f"for each in {lines}; do echo $each; done; exit 1"))
    printed = checkout.make("setup").stderr
    assert "line-30\n" in printed
    assert "line-29\n" not in printed
    assert "data/setup.log" in printed
    assert "line-0\n" in (checkout.folder / "data" / "setup.log").read_text()


def test_the_users_pip_settings_cannot_install_elsewhere(checkout: Checkout) -> None:
    shown = 'echo "$PIP_USER $PIP_REQUIRE_VIRTUALENV [$PIP_TARGET] [$PIP_INDEX_URL]"; exit 1'
    checkout.has("python3", python(install=f"cat .venv/pip.conf; {shown}"))
    theirs = {"PIP_USER": "1", "PIP_REQUIRE_VIRTUALENV": "1", "PIP_TARGET": "/elsewhere", "PIP_INDEX_URL": "mirror"}
    printed = checkout.make("setup", **theirs).stderr
    assert "0 0 [] [mirror]" in printed
    for line in ("[global]", "[install]", "user=\n", "target=\n"):
        assert line in printed


def test_variables_of_another_python_do_not_reach_ours(checkout: Checkout) -> None:
    checkout.has("python3", python(install='echo "[$PYTHONPATH] [$PYTHONHOME] [$PYTHONDONTWRITEBYTECODE]"; exit 1'))
    theirs = {"PYTHONPATH": "/theirs", "PYTHONHOME": "/theirs", "PYTHONDONTWRITEBYTECODE": "1"}
    assert "[] [] []" in checkout.make("setup", **theirs).stderr


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
