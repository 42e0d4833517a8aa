"""The git side of the data branch: one commit without history. A run replaces it only if it has fetched its state."""

import base64
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.exit_codes import UserError
from orchestration.github.job import Job, environment_with
from pipelines.http.retry import retrying
from pipelines.lake.lock import Busy

BRANCH = "spotify-data"
REMOTE = "origin"
# The commit that was last copied into the lake. `origin/spotify-data` cannot replace it: every `git fetch` moves it.
SEEN = "refs/spotify-elt/seen"
BOT = {"NAME": "github-actions[bot]", "EMAIL": "41898282+github-actions[bot]@users.noreply.github.com"}


class GitFailed(UserError):
    """A git command failed; the message is git's own."""


class DataBranch:
    """Branch `spotify-data` of the remote `origin`. The root of the branch is the folder of the lake."""

    def __init__(self, project: Path, job: Job, pause_s: float = 1) -> None:
        self._project = project
        self._pause_s = pause_s
        self._environment = _credentials(job)

    def fetch(self) -> bool:
        """Fetch the branch; False when it does not exist yet."""
        if not self._remotely("ls-remote", "--heads", REMOTE, f"refs/heads/{BRANCH}"):
            self._git("update-ref", "-d", SEEN)
            return False
        self._remotely("fetch", "--quiet", "--no-tags", REMOTE, f"+refs/heads/{BRANCH}:{SEEN}")
        return True

    def write_to(self, folder: Path) -> None:
        """Write the fetched files into the folder."""
        with TemporaryDirectory() as index:
            environment = {"GIT_INDEX_FILE": f"{index}/index"}
            self._git("read-tree", SEEN, **environment)
            self._git("checkout-index", "--all", f"--prefix={folder}/", **environment)

    def replace_with(self, folder: Path, message: str) -> bool:
        """Replace the branch by the folder; False when both are equal.

        Raises Busy when another run has replaced the branch since `fetch`.
        """
        with TemporaryDirectory() as index:
            environment = {"GIT_INDEX_FILE": f"{index}/index", "GIT_WORK_TREE": str(folder)}
            self._git("add", "--force", "--all", "--", ":(top)", ":(top,exclude).lock", **environment)
            tree = self._git("write-tree", **environment)
        seen = self._git("for-each-ref", "--format=%(objectname) %(tree)", SEEN)
        commit_before, _, tree_before = seen.partition(" ")
        if tree == tree_before:
            return False
        commit = self._git("commit-tree", tree, "-m", message)
        lease = f"--force-with-lease=refs/heads/{BRANCH}:{commit_before}"
        self._remotely("push", "--quiet", lease, REMOTE, f"{commit}:refs/heads/{BRANCH}")
        self._git("update-ref", SEEN, commit)
        return True

    def _remotely(self, *command: str) -> str:
        """Run a git command that uses the network, with three attempts. --force-with-lease makes a second push safe."""
        return retrying(GitFailed, 3, self._pause_s)(self._git, *command)

    def _git(self, *command: str, **environment: str) -> str:
        git_dir = {"GIT_DIR": str(self._project / ".git")}
        done = subprocess.run(
            ["git", "-c", "core.autocrlf=false", *command],
            cwd=environment.get("GIT_WORK_TREE", self._project),
            env=environment_with(**self._environment, **git_dir, **environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if "(stale info)" in done.stderr:
            raise Busy(
                f"another run has written {BRANCH} since `make restore`; nothing was overwritten: "
                "run again from a fresh clone"
            )
        if done.returncode != 0:
            lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
            reason = next((line for line in lines if line.startswith(("fatal:", "error:", "!"))), lines[-1])
            raise GitFailed(f"git {command[0]}: {reason}")
        return done.stdout.strip()


def _credentials(job: Job) -> dict[str, str]:
    """Environment variables for git. The token is not an argument, because every process can read arguments.

    Outside of a job, git uses its own credentials.
    """
    author = {f"GIT_{role}_{what}": text for role in ("AUTHOR", "COMMITTER") for what, text in BOT.items()}
    if not job.token:
        return author
    basic = base64.b64encode(f"x-access-token:{job.token}".encode()).decode()
    return author | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{job.server_url}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
    }
