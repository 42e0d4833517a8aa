"""JSON answers, and errors in the Web API's form."""

import json
from typing import Any

from starlette.responses import Response


class Answer(Response):
    """Compact JSON in UTF-8, as the Web API writes it."""

    media_type = "application/json; charset=utf-8"

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class Refusal(Exception):
    """Ends a request with `{"error": {"status": ..., "message": ...}}`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def response(self) -> Response:
        return Answer({"error": {"status": self.status, "message": self.message}}, self.status)
