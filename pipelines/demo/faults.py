"""Faults on demand: what a fault looks like, which of them a call meets."""

import json
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any

Json = dict[str, Any]

KINDS = ("answer", "truncate", "empty", "drop", "delay")


@dataclass
class Fault:
    """One fault; its keys are those of `POST /__control/faults`.

    `path` is a path or a pattern with `*`. `after` calls pass first, then it strikes `times` times (None: for ever).
    `kind`: `answer` gives `status`, `headers`, `body` (an object is sent as JSON, a text that begins with `<` as HTML,
    another one as plain text); `truncate` cuts the true answer in half, with a Content-Length that fits the half;
    `empty` gives 200 without a body; `drop` closes the connection without an answer; `delay` does nothing more than
    wait. `delay_s` seconds are waited in any case.
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
        """Whether a call meets this fault; counts the call."""
        if method != self.method or not fnmatchcase(path, self.path) or self.times == 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def content(self) -> tuple[bytes, str]:
        """The body with its content type."""
        if isinstance(self.body, str):
            kind = "text/html" if self.body.lstrip().startswith("<") else "text/plain"
            return self.body.encode(), f"{kind}; charset=utf-8"
        body = self.body if self.body is not None else {"error": {"status": self.status, "message": "Server error."}}
        return json.dumps(body).encode(), "application/json; charset=utf-8"


def fault_of(given: Json) -> Fault:
    """A fault from the control API's JSON; `kind` follows from the other keys when it is left out."""
    unknown = set(given) - {one.name for one in fields(Fault)}
    if unknown:
        raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
    if "kind" not in given:
        given = given | {"kind": "delay" if "delay_s" in given and "status" not in given else "answer"}
    if given["kind"] not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}")
    path = str(given["path"])
    method = "POST" if path == "/api/token" else "GET"
    wanted: Json = {"method": method} | given | {"path": path.rstrip("/")}
    return Fault(**wanted)
