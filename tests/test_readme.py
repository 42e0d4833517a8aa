"""The output in the README is the real output."""

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import ROOT
from tests import warm
from tests.pictures import TERMINAL, terminal_picture

SET_UP = "setting up (once, about a minute) ...\n"
SECONDS = re.compile(r"\d+\.\d s")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as a new user gets it: tracked and new files, in another folder."""
    folder = tmp_path_factory.mktemp("stranger") / "spotify-elt"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def run(folder: Path, *verb: str, **environment: str) -> str:
    usual = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    done = warm.run(["-m", "orchestration", *verb], folder, usual | environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_first_screen_is_what_the_first_run_prints(stranger: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("$ make elt\n")[2].partition("```")[0].removeprefix(SET_UP)
    assert SECONDS.sub("… s", shown) == SECONDS.sub("… s", run(stranger, "elt"))


def test_the_picture_of_the_terminal_shows_the_first_screen() -> None:
    assert TERMINAL.read_text(encoding="utf-8") == terminal_picture(), "run `.venv/bin/python -m tests.pictures`"


def test_a_second_run_prints_that_nothing_is_new(stranger: Path) -> None:
    assert "\nnothing new\n" in run(stranger, "extract")


def test_the_next_day_of_the_demo_account_has_new_plays(stranger: Path) -> None:
    out = run(stranger, "extract", DEMO_DAYS="1")
    assert int(re.findall(r"recently_played +(\d+)", out)[0]) > 0
    assert "nothing new" not in out


def test_forget_leaves_no_title_in_the_folder(stranger: Path) -> None:
    with duckdb.connect(str(stranger / "data/demo/spotify.duckdb"), read_only=True) as tables:
        names = tables.execute("select track_name, track_id from marts.dim_tracks where track_name is not null")
        words = {word.encode() for row in names.fetchall() for word in row if word}
    assert len(words) > 500
    run(stranger, "forget", "--yes")
    left = [file for file in stranger.rglob("*") if file.is_file() and not (ROOT / file.relative_to(stranger)).exists()]
    assert [file for file in left if any(word in file.read_bytes() for word in words)] == []
    assert not (stranger / "data" / "demo").exists()
