"""GitHub's REST API on loopback: the part that `make alert` and the data branch call."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.simulators.loopback import Answer, HttpServer

TOKEN = "demo-github-token"
REPOSITORY = "somebody/spotify-elt"
Json = dict[str, Any]


@dataclass
class Repository:
    """The next requests are answered with the statuses in `answers`, if there are any."""

    visibility: str = "private"
    has_issues: bool = True
    issues: list[Json] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def changes(self) -> list[str]:
        """The requests that change something."""
        return [line for line in self.asked if not line.startswith("GET")]

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> tuple[int, Any]:
        self.asked.append(f"{method} {path}")
        if self.answers:
            return self.answers.pop(0), {"message": "a test set this status"}
        if path.startswith("/issues") and not self.has_issues:
            return 410, {"message": "Issues are disabled for this repo"}
        number = re.match(r"/issues/(\d+)", path)
        match method, re.sub(r"\d+", "N", path):
            case "GET", "":
                return 200, {"visibility": self.visibility, "private": self.visibility != "public"}
            case "GET", "/issues":
                label, state = query["labels"][0], query.get("state", ["open"])[0]
                labelled = [issue for issue in self.issues if {"name": label} in issue["labels"]]
                return 200, [issue for issue in reversed(labelled) if state in ("all", issue["state"])]
            case "POST", "/issues":
                return 201, self.add(**body)
            case "PATCH", "/issues/N" if number:
                self.issues[int(number[1]) - 1].update(body)
                return 200, self.issues[int(number[1]) - 1]
            case "POST", "/issues/N/comments":
                self.comments.append(body["body"])
                return 201, {}
        return 404, {"message": "Not Found"}

    def add(self, title: str, body: str, labels: list[str], **more: object) -> Json:
        """Open an issue."""
        names = [{"name": label} for label in labels]
        issue = {"number": len(self.issues) + 1, "state": "open", "title": title, "body": body, "labels": names}
        self.issues.append(issue | more)
        return self.issues[-1]


class GitHub(HttpServer):
    """`repository` holds what the API shows. `environment` holds the variables that a runner sets for a job."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.repository = Repository()
        self.environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "17",
            "GITHUB_SERVER_URL": "https://github.example",
        }

    def __enter__(self) -> "GitHub":
        super().__enter__()
        return self

    def _answer(self, method: str, address: str, headers: dict[str, str], body: bytes) -> Answer:
        url = urlsplit(address)
        status, answer = 401, dict[str, Any](message="Bad credentials")
        if headers.get("authorization") == f"Bearer {TOKEN}":
            path = url.path.removeprefix(f"/repos/{REPOSITORY}")
            status, answer = self.repository.answer(method, path, parse_qs(url.query), json.loads(body or b"{}"))
        return status, "application/json", json.dumps(answer).encode()
