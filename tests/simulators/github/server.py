"""GitHub's issues API on loopback, as far as `make alert` and `make backup` use it."""

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "invented-github-token"
REPOSITORY = "somebody/spotify-elt"
Json = dict[str, Any]


@dataclass
class Repository:
    visibility: str = "private"
    issues: list[Json] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def changes(self) -> list[str]:
        return [line for line in self.asked if not line.startswith("GET")]

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> tuple[int, Any]:
        self.asked.append(f"{method} {path}")
        if self.answers:
            return self.answers.pop(0), {"message": "told to"}
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
        names = [{"name": label} for label in labels]
        issue = {"number": len(self.issues) + 1, "state": "open", "title": title, "body": body, "labels": names}
        self.issues.append(issue | more)
        return self.issues[-1]


class GitHub:
    """`repository` is what the API shows; `environment` is what a runner tells a job."""

    def __init__(self) -> None:
        self.repository = repository = Repository()

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                url = urlsplit(self.path)
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
                status, answer = 401, {"message": "Bad credentials"}
                if self.headers.get("Authorization") == f"Bearer {TOKEN}":
                    path = url.path.removeprefix(f"/repos/{REPOSITORY}")
                    status, answer = repository.answer(self.command, path, parse_qs(url.query), body)
                sent = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def do_PATCH(self) -> None:
                self._answer()

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": f"http://127.0.0.1:{self._server.server_port}",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "17",
            "GITHUB_SERVER_URL": "https://github.example",
        }

    def __enter__(self) -> "GitHub":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
