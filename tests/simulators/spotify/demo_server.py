"""The demo account as tests use it: a server of its own in a process of its own."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any

import requests

CLIENT_ID = "demo-client"
CLIENT_SECRET = "invented-secret"
REFRESH_TOKEN = "demo-refresh-token"

Json = dict[str, Any]


class DemoServer:
    """`Listener(size=100, mode="extended", now=...)`: each keyword is an option of `python -m pipelines.demo`.

    Every method below is one call of the control API, which `pipelines/demo/control.py` describes.
    """

    def __init__(self, **options: object) -> None:
        flags = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", str(value))]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.demo", "--until-stdin-closes", *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the demo account ended with {self.process.wait()} before it was ready")
        addresses: dict[str, str] = json.loads(line)
        self.api_url = addresses["api_url"]
        self.accounts_url = addresses["accounts_url"]
        self.control_url = addresses["control_url"]
        self.session = requests.Session()
        self.session.trust_env = False

    def __enter__(self) -> "DemoServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the server; a second time does nothing."""
        self.session.close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def fault(self, path: str, **fault: object) -> None:
        """From now on calls of `path` fail; `times=1, status=503`, `kind="truncate"`, and so on."""
        self._control("POST", "faults", {"path": path} | fault)

    def no_faults(self) -> None:
        """No fault any more."""
        self._control("DELETE", "faults")

    def switch(self, **switches: object) -> Json:
        """Turns switches; gives the state of all."""
        return self._control("POST", "switches", switches)

    def quota(self, group: str, calls: int, **budget: object) -> None:
        """After so many more calls the group is locked."""
        self._control("POST", "quota", {"group": group, "calls": calls} | budget)

    def clock(self, **move: object) -> str:
        """`now="2026-11-03T08:00:00Z"`, or `days=1`, `hours=1`; gives the moment it stands at then."""
        return str(self._control("POST", "clock", move)["now"])

    def mutate(self, op: str, **wish: object) -> Json:
        """A directed change; gives what it touched."""
        return self._control("POST", "mutate", {"op": op} | wish)

    def requests(self) -> dict[str, int]:
        """How often each endpoint was called: `{"GET /v1/me/tracks": 3}`."""
        counts: dict[str, int] = self._control("GET", "requests")["counts"]
        return counts

    def request_log(self) -> list[Json]:
        """The calls in their order."""
        log: list[Json] = self._control("GET", "requests")["log"]
        return log

    def forget_requests(self) -> None:
        """Empties the request log."""
        self._control("DELETE", "requests")

    def access_token(self) -> str:
        """A fresh token of the listener's own consent."""
        form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN, "client_id": CLIENT_ID}
        answer = self.session.post(f"{self.accounts_url}/api/token", data=form, timeout=10)
        return str(answer.json()["access_token"])

    def _control(self, method: str, path: str, body: object = None) -> Json:
        answer = self.session.request(method, f"{self.control_url}/{path}", json=body, timeout=30)
        if answer.status_code != 200:
            raise ValueError(f"{method} {path}: {answer.text}")
        parsed: Json = answer.json()
        return parsed
