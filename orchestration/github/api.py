"""The part of GitHub's REST API that a scheduled run needs: one issue, and whether the repository is private."""

from typing import Any

from orchestration.exit_codes import UserError
from orchestration.github.job import Job
from pipelines.http.causes import no_answer, unusable
from pipelines.http.retry import retrying
from pipelines.http.session import http_session
from pipelines.settings import BadSetting

TIMEOUT_S = (5, 20)
Json = dict[str, Any]


class GitHubRefused(UserError):
    """GitHub did not do what was asked; the message says why."""


class IssuesOff(GitHubRefused):
    """The repository has no issues. GitHub switches them off in a fork and answers 410."""


class _NoAnswer(GitHubRefused):
    """GitHub did not answer or had an error of its own, so a second attempt may succeed."""


class GitHub:
    """The repository that the job runs in."""

    def __init__(self, job: Job, pause_s: float = 1) -> None:
        self._repository = f"{job.api_url}/repos/{job.repository}"
        self._headers = {
            "Authorization": f"Bearer {job.token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._pause_s = pause_s

    def refuse_public(self) -> None:
        """Raise BadSetting unless the repository is private, because the lake shows what somebody listens to."""
        visibility = self._ask("GET", "").get("visibility")
        if visibility != "private":
            raise BadSetting(
                f"the repository is {visibility or 'of unknown visibility'}, and the lake shows what you listen to; "
                "the lake is kept on a branch of a private repository only: make the repository private"
            )

    def issues(self, label: str) -> list[Json]:
        """The issues with the label, open and closed, the newest first; without pull requests, which the API adds."""
        found = self._ask("GET", "/issues", params={"labels": label, "state": "all", "per_page": "100"})
        return [issue for issue in found if "pull_request" not in issue]

    def open_issue(self, title: str, body: str, label: str) -> int:
        """Open an issue and return its number. GitHub creates the label if it does not exist."""
        return int(self._ask("POST", "/issues", json={"title": title, "body": body, "labels": [label]})["number"])

    def change_issue(self, number: int, **changes: str) -> None:
        self._ask("PATCH", f"/issues/{number}", json=changes)

    def comment(self, number: int, body: str) -> None:
        self._ask("POST", f"/issues/{number}/comments", json={"body": body})

    def _ask(self, method: str, path: str, **sent: Any) -> Any:
        # A POST is not repeated: GitHub may have done it although no answer came.
        attempts = 1 if method == "POST" else 3
        return retrying(_NoAnswer, attempts, self._pause_s)(self._ask_once, method, path, sent)

    def _ask_once(self, method: str, path: str, sent: Json) -> Any:
        url = f"{self._repository}{path}"
        asked = f"{method} {path or 'the repository'}"
        try:
            with http_session() as session:
                answer = session.request(method, url, headers=self._headers, timeout=TIMEOUT_S, **sent)
        except (OSError, ValueError) as error:
            raise _NoAnswer(f"no answer from GitHub to {asked}: {no_answer(url, error)}") from None
        try:
            body = answer.json() if answer.content else {}
        except ValueError:
            raise _NoAnswer(f"no answer from GitHub to {asked}: {unusable(answer)}") from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise _NoAnswer(f"GitHub answers {answer.status_code} to {asked}")
        if answer.status_code == 410:
            raise IssuesOff(f"GitHub answers 410 to {asked}: the repository has no issues")
        if not answer.ok:
            reason = body.get("message", "no reason given") if isinstance(body, dict) else "no reason given"
            raise GitHubRefused(f"GitHub answers {answer.status_code} to {asked}: {reason}")
        return body
