"""The lake on a branch: restored completely, replaced only by a run that fetched it, in a private repository only."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from orchestration.exit_codes import Exit
from orchestration.verbs import backup as branch
from tests.machine import Machine
from tests.simulators.github.server import TOKEN, GitHub
from tests.simulators.spotify.demo_server import CLIENT_SECRET, REFRESH_TOKEN

Capture = pytest.CaptureFixture[str]


def git(folder: Path, *command: str) -> str:
    return subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


class Clones:
    """Machines that share a remote. Each starts from a fresh clone of it, as a job does."""

    def __init__(self, machine: Machine, github: GitHub, patch: pytest.MonkeyPatch) -> None:
        self.machine = machine
        self.remote = machine.folder / "remote.git"
        self.clone = machine.folder / "data"
        self.environment = github.environment | {"GITHUB_TOKEN": TOKEN, "SPOTIFY_CLIENT_SECRET": CLIENT_SECRET}
        self._patch = patch
        git(machine.folder, "init", "--quiet", "--bare", str(self.remote))
        self.fresh()

    def fresh(self) -> None:
        shutil.rmtree(self.clone, ignore_errors=True)
        git(self.machine.folder, "clone", "--quiet", str(self.remote), str(self.clone))
        self._patch.setattr(branch, "ROOT", self.clone)

    def type(self, verb: str, **environment: str) -> int:
        return self.machine.type(verb, **self.environment | environment)

    @property
    def files(self) -> list[str]:
        return git(self.remote, "ls-tree", "-r", "--name-only", "spotify-data").splitlines()

    @property
    def loads(self) -> int:
        return len(list(self.machine.lake.glob("spotify/_dlt_loads/*")))


@pytest.fixture
def clones(machine: Machine, github: GitHub, monkeypatch: pytest.MonkeyPatch) -> Clones:
    return Clones(machine, github, monkeypatch)


def test_a_fresh_machine_continues_where_the_last_one_ended(clones: Clones) -> None:
    # The first run makes two loads: one of the plays, one of the rest. Without new plays a run makes one.
    for loads in (2, 3, 4):
        clones.fresh()
        assert clones.type("restore") == 0
        assert clones.type("extract") == 0
        assert clones.type("backup") == 0
        assert clones.loads == loads
        assert git(clones.remote, "rev-list", "--count", "spotify-data") == "1"
    assert clones.machine.last_run["rows_appended"].get("saved_tracks", 0) == 0
    assert ".lock" not in clones.files
    assert "last_run.json" in clones.files


def test_a_backup_without_anything_new_writes_nothing(clones: Clones, capsys: Capture) -> None:
    clones.type("extract")
    clones.type("backup")
    before = git(clones.remote, "rev-parse", "spotify-data")
    assert clones.type("backup") == 0
    assert "already holds everything" in capsys.readouterr().out
    assert git(clones.remote, "rev-parse", "spotify-data") == before


def test_a_branch_that_another_run_has_written_is_not_overwritten(clones: Clones, capsys: Capture) -> None:
    clones.type("extract")
    clones.type("backup")
    clones.fresh()
    clones.type("extract")
    before = git(clones.remote, "rev-parse", "spotify-data")
    capsys.readouterr()
    assert clones.type("backup") == Exit.BUSY
    assert "nothing was overwritten" in capsys.readouterr().err
    assert git(clones.remote, "rev-parse", "spotify-data") == before


def test_a_restore_never_deletes_loads_that_the_branch_does_not_hold(clones: Clones, capsys: Capture) -> None:
    clones.type("extract")
    clones.type("backup")
    loads = clones.loads
    clones.type("extract")
    assert clones.loads == loads + 1
    assert clones.type("restore") == Exit.CONFIGURATION
    assert "1 loads" in capsys.readouterr().err
    assert clones.loads == loads + 1


@pytest.mark.parametrize("verb", ["restore", "backup"])
def test_a_repository_that_is_not_private_is_refused(
    clones: Clones, github: GitHub, capsys: Capture, verb: str
) -> None:
    clones.type("extract")
    for visibility in ("public", "internal", ""):
        github.repository.visibility = visibility
        assert clones.type(verb) == Exit.CONFIGURATION
        assert "private repository only" in capsys.readouterr().err
    github.repository.answers = [500, 500, 500]
    assert clones.type(verb) == Exit.BROKEN
    assert git(clones.remote, "branch", "--list") == ""


def test_outside_of_a_job_a_lake_is_restored_with_gits_own_credentials(clones: Clones) -> None:
    clones.type("extract")
    clones.type("backup")
    loads = clones.loads
    clones.fresh()
    assert clones.loads == 0
    clones.environment = {}
    assert clones.type("restore") == 0
    assert clones.loads == loads
    assert clones.type("backup") == Exit.CONFIGURATION


def test_a_token_that_spotify_replaced_is_encrypted_on_the_branch_and_used_by_the_next_run(clones: Clones) -> None:
    clones.machine.demo_server.switch(rotation=True)
    for _ in range(3):
        clones.fresh()
        assert clones.type("restore") == 0
        assert clones.type("extract") == 0, "the earlier token is no longer valid"
        kept = json.loads((clones.clone / "token.json").read_text())["refresh_token"]
        assert kept != REFRESH_TOKEN
        assert clones.type("backup") == 0
        assert kept not in "".join(git(clones.remote, "show", f"spotify-data:{name}") for name in ["rotated_token"])
    everything = git(clones.remote, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")
    blobs = [line.split()[0] for line in everything.splitlines() if line.endswith("blob")]
    for blob in blobs:
        content = subprocess.run(["git", "cat-file", "-p", blob], cwd=clones.remote, capture_output=True, check=True)
        assert b"demo-refresh-" not in content.stdout
        assert CLIENT_SECRET.encode() not in content.stdout


def test_a_newer_token_in_the_settings_is_used_instead_of_the_one_on_the_branch(clones: Clones) -> None:
    clones.machine.demo_server.switch(rotation=True)
    clones.type("extract")
    newest = json.loads((clones.clone / "token.json").read_text())["refresh_token"]
    clones.type("backup")
    assert "rotated_token" in clones.files
    clones.machine.demo_server.switch(rotation=False)
    clones.fresh()
    for verb in ("restore", "extract", "backup"):
        assert clones.type(verb, SPOTIFY_REFRESH_TOKEN=newest) == 0
    assert "rotated_token" not in clones.files


def test_without_a_client_secret_a_replaced_token_is_reported_and_the_lake_is_kept(
    clones: Clones, capsys: Capture
) -> None:
    clones.machine.demo_server.switch(rotation=True)
    clones.environment["SPOTIFY_CLIENT_SECRET"] = ""
    clones.type("extract")
    assert clones.type("backup") == Exit.CONSENT_NEEDED
    printed = capsys.readouterr().out
    assert "SPOTIFY_CLIENT_SECRET" in printed
    assert "demo-refresh-" not in printed
    assert "last_run.json" in clones.files
    assert "rotated_token" not in clones.files


def test_a_token_encrypted_with_another_secret_is_not_used(clones: Clones, capsys: Capture) -> None:
    clones.machine.demo_server.switch(rotation=True)
    clones.type("extract")
    clones.type("backup")
    clones.fresh()
    assert clones.type("restore", SPOTIFY_CLIENT_SECRET="another") == 0
    assert "another SPOTIFY_CLIENT_SECRET" in capsys.readouterr().out
    assert not (clones.clone / "token.json").exists()


def test_a_remote_that_cannot_be_reached_gives_one_line_and_an_exit_code(clones: Clones, capsys: Capture) -> None:
    clones.type("extract")
    shutil.move(clones.remote, clones.machine.folder / "gone.git")
    capsys.readouterr()
    for verb in ("restore", "backup"):
        assert clones.type(verb) == Exit.BROKEN
        printed = capsys.readouterr().err
        assert printed.startswith("git ")
        assert printed.count("\n") == 1
        assert TOKEN not in printed


def test_forget_deletes_the_encrypted_token_too(clones: Clones) -> None:
    clones.machine.demo_server.switch(rotation=True)
    clones.type("extract")
    clones.type("backup")
    sealed = clones.machine.lake / "rotated_token"
    assert sealed.exists()
    assert clones.machine.type("forget", "--yes") == 0
    assert not sealed.exists()
