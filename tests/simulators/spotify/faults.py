"""Faults of a demo server: which calls meet one, and what the answer is."""

import json
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any

Json = dict[str, Any]

KINDS = ("answer", "truncate", "empty", "drop", "delay")


@dataclass
class Fault:
    """The body of `POST /__control/faults`.

    The first `after` calls of `path` pass, the next `times` meet the fault; None is all of them. `kind` is one of:
    - `answer`: the answer is `status`, `headers` and `body`, an object or a text;
    - `truncate`: the true answer is cut in half, with a Content-Length of the half;
    - `empty`: the body is empty;
    - `drop`: the connection is closed without an answer;
    - `delay`: the true answer comes late.
    Every kind waits `delay_s` seconds first.
    """

    path: str
    kind: str = "answer"
    method: str = "GET"
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    times: int | None = None
    after: int = 0
    delay_s: float = 0

    def strikes(self, method: str, path: str) -> bool:
        """Whether a call meets this fault. Counts the call."""
        if method != self.method or not fnmatchcase(path, self.path) or self.times == 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        if isinstance(self.body, str):
            kind = "text/html" if self.body.lstrip().startswith("<") else "text/plain"
            return self.status, {"content-type": f"{kind}; charset=utf-8"} | headers, self.body.encode()
        body = self.body if self.body is not None else {"error": {"status": self.status, "message": "Server error."}}
        return self.status, {"content-type": "application/json"} | headers, json.dumps(body).encode()


def fault_of(body: Json) -> Fault:
    """A fault from JSON. Raises ValueError for an unknown key or kind."""
    if unknown := body.keys() - {one.name for one in fields(Fault)}:
        raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
    kind = "delay" if "delay_s" in body and "status" not in body else "answer"
    default: Json = {"kind": kind, "method": "POST" if body["path"] == "/api/token" else "GET"}
    fault = Fault(**default | body)
    if fault.kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}")
    return fault
