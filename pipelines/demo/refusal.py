"""Answers that are errors, in the two shapes there are: the Web API's object, the accounts service's pair of texts."""

import json
from typing import Any

from starlette.responses import PlainTextResponse, Response

Json = dict[str, Any]


class Answer(Response):
    """JSON as the Web API writes it."""

    media_type = "application/json; charset=utf-8"

    def render(self, content: Any) -> bytes:
        """Compact, in UTF-8, without escapes."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class Refusal(Exception):
    """Ends a request with `{"error": {"status", "message", "reason"?}}`, or with plain text when `text` is set."""

    def __init__(
        self, status: int, message: str, reason: str = "", headers: dict[str, str] | None = None, text: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reason = reason
        self.headers = headers
        self.text = text

    def response(self) -> Response:
        """The answer as sent."""
        if self.text:
            return PlainTextResponse(self.message, self.status, self.headers)
        error = {"status": self.status, "message": self.message} | ({"reason": self.reason} if self.reason else {})
        return Answer({"error": error}, self.status, self.headers)


class GrantRefusal(Exception):
    """Ends a token request with `{"error": code, "error_description": text}` and status 400."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description

    def response(self) -> Response:
        """The answer as sent."""
        return Answer({"error": self.code, "error_description": self.description}, 400)
