"""The data branch as git sees it: one commit without history, replaced only by whoever has seen it."""

import base64
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from orchestration.exit_codes import UserError
from orchestration.github.job import Job, environment_with
from pipelines.lake.lock import Busy

BRANCH = "spotify-data"
REMOTE = "origin"
# A ref of our own: `origin/spotify-data` moves with every `git fetch`, whether or not the lake came with it.
SEEN = "refs/spotify-elt/seen"
BOT = {"NAME": "github-actions[bot]", "EMAIL": "41898282+github-actions[bot]@users.noreply.github.com"}


class GitFailed(UserError):
    """A git command ended badly; the message is what git said."""


class DataBranch:
    """Branch `spotify-data` of the remote `origin`, whose root is the lake's folder."""

    def __init__(self, project: Path, job: Job, pause_s: float = 1) -> None:
        self._project = project
        self._pause_s = pause_s
        self._environment = _credentials(job)

    def fetch(self) -> bool:
        """Bring the branch here; False when there is none yet."""
        if not self._remotely("ls-remote", "--heads", REMOTE, f"refs/heads/{BRANCH}"):
            self._git("update-ref", "-d", SEEN)
            return False
        self._remotely("fetch", "--quiet", "--no-tags", REMOTE, f"+refs/heads/{BRANCH}:{SEEN}")
        return True

    def write_to(self, folder: Path) -> None:
        with TemporaryDirectory() as index:
            environment = {"GIT_INDEX_FILE": f"{index}/index"}
            self._git("read-tree", SEEN, **environment)
            self._git("checkout-index", "--all", f"--prefix={folder}/", **environment)

    def replace_with(self, folder: Path, message: str) -> bool:
        """Make the folder the branch; False when it already is. Raises Busy when the branch moved since `fetch`."""
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
        """What goes over the network is tried three times; a lease makes that safe."""
        tries = Retrying(
            stop=stop_after_attempt(3),
            wait=wait_exponential_jitter(multiplier=self._pause_s, max=8),
            retry=retry_if_exception_type(GitFailed),
            reraise=True,
        )
        return tries(self._git, *command)

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
            raise Busy(f"{BRANCH} was written by another run since; nothing was overwritten")
        if done.returncode != 0:
            lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
            reason = next((line for line in lines if line.startswith(("fatal:", "error:", "!"))), lines[-1])
            raise GitFailed(f"git {command[0]}: {reason}")
        return done.stdout.strip()


def _credentials(job: Job) -> dict[str, str]:
    """In the environment, as every process can read arguments. Outside of a job: git's own."""
    who = {f"GIT_{role}_{what}": text for role in ("AUTHOR", "COMMITTER") for what, text in BOT.items()}
    if not job.token:
        return who
    basic = base64.b64encode(f"x-access-token:{job.token}".encode()).decode()
    return who | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{job.server_url}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
    }
