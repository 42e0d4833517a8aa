"""A demo server as tests use it: in a process of its own, with the control API."""

import json
import os
import select
import signal
from types import TracebackType
from typing import Any

import requests

from tests.simulators.spotify import forks

CLIENT_ID = "demo-client"
CLIENT_SECRET = "demo-client-secret"
REFRESH_TOKEN = "demo-refresh-token"

Json = dict[str, Any]


class DemoServer:
    """`DemoServer(size=100, mode="extended", now=...)`: each keyword is an option of `python -m pipelines.demo`.

    control.py describes what the methods send.
    """

    def __init__(self, latency_ms: float = 0, **options: object) -> None:
        flags = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", str(value))]
        mount = ["--mount", "tests.simulators.spotify.control:mount"]
        self.pid, self._stdin, self._stdout = forks.start(["--until-stdin-closes", *mount, *flags])
        line = self._stdout.readline()
        if not line:
            raise RuntimeError("the demo server ended before it was ready")
        addresses: dict[str, str] = json.loads(line)
        self.api_url = addresses["api_url"]
        self.accounts_url = addresses["accounts_url"]
        self.session = requests.Session()
        self.session.trust_env = False
        if latency_ms:
            self.switch(latency_ms=latency_ms)

    def __enter__(self) -> "DemoServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server. A second call does nothing."""
        self.session.close()
        if self._stdin.closed:
            return
        self._stdin.close()
        if not select.select([self._stdout], [], [], 5)[0]:  # its output is at its end when the process has ended
            os.kill(self.pid, signal.SIGKILL)
        self._stdout.close()

    def fault(self, path: str, **fault: object) -> None:
        """Make calls of `path` fail: `times=1, status=503` or `kind="truncate"`, for instance."""
        self._control("POST", "faults", {"path": path} | fault)

    def no_faults(self) -> None:
        self._control("DELETE", "faults")

    def switch(self, **switches: object) -> Json:
        """Change switches. Returns the state of all switches."""
        return self._control("POST", "switches", switches)

    def quota(self, group: str, calls: int, **budget: object) -> None:
        """Lock a group of routes after this number of calls."""
        self._control("POST", "quota", {"group": group, "calls": calls} | budget)

    def clock(self, **move: object) -> str:
        """Move the clock: `now="2026-11-03T08:00:00Z"`, `days=1` or `hours=1`. Returns the new time."""
        return str(self._control("POST", "clock", move)["now"])

    def mutate(self, op: str, **change: object) -> Json:
        """Change the account. Returns the ids and times of the change."""
        return self._control("POST", "mutate", {"op": op} | change)

    def requests(self) -> dict[str, int]:
        """How often each route was called: `{"GET /v1/me/tracks": 3}`."""
        counts: dict[str, int] = self._control("GET", "requests")["counts"]
        return counts

    def request_log(self) -> list[Json]:
        """The calls in their order."""
        log: list[Json] = self._control("GET", "requests")["log"]
        return log

    def forget_requests(self) -> None:
        """Empty the request log."""
        self._control("DELETE", "requests")

    def access_token(self) -> str:
        """A new access token of the listener."""
        form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN, "client_id": CLIENT_ID}
        answer = self.session.post(f"{self.accounts_url}/api/token", data=form, timeout=10)
        return str(answer.json()["access_token"])

    def _control(self, method: str, path: str, body: object = None) -> Json:
        answer = self.session.request(method, f"{self.accounts_url}/__control/{path}", json=body, timeout=30)
        if answer.status_code != 200:
            raise ValueError(f"{method} {path}: {answer.text}")
        parsed: Json = answer.json()
        return parsed
