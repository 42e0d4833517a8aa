"""Fixtures of a job: a fresh clone of the project, with an environment that is made without installing."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import ROOT
from tests import warm
from tests.simulators.github.server import GitHub

PROGRAM = "import sys; from orchestration.cli import main; sys.exit(main())"


def git(folder: Path, *command: str) -> str:
    who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
    done = subprocess.run(["git", *who, *command], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="session")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A remote whose branch main holds this checkout, uncommitted files included."""
    folder = tmp_path_factory.mktemp("pushed")
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / "tree" / name)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git(folder / "tree", "init", "--quiet", "--initial-branch=main")
    git(folder / "tree", "add", "--all")
    git(folder / "tree", "commit", "--quiet", "--message=all")
    git(folder / "tree", "push", "--quiet", str(folder / "remote.git"), "main")
    return folder / "remote.git"


@pytest.fixture
def remote(pushed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pushed, tmp_path / "remote.git"))


@pytest.fixture
def clone(remote: Path, tmp_path: Path) -> Callable[[], Path]:
    """Makes a fresh clone in the folder of the last one, as a runner does."""

    def fresh() -> Path:
        folder = tmp_path / "work" / "spotify-elt"
        shutil.rmtree(folder, ignore_errors=True)
        git(tmp_path, "clone", "--quiet", "--depth=1", remote.as_uri(), str(folder))
        set_up(folder)
        return folder

    return fresh


def set_up(folder: Path) -> None:
    """Do what `make setup` does, but without installing: the packages of this environment, the code of the clone."""
    env = folder / ".venv"
    (env / "bin").mkdir(parents=True)
    (env / "bin" / "python").symlink_to(sys.executable)
    warm.script(env / "bin" / "spotify-elt", ["-c", PROGRAM], [str(folder)])
    (env / ".ready").write_text(str(folder))


@pytest.fixture
def runner(github: GitHub, tmp_path: Path) -> dict[str, str]:
    """The environment variables of a runner, and of this machine only PATH."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **github.environment}
