"""The server on this machine that waits for Spotify's answer to a login, and the page that it shows."""

import html
import queue
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pipelines.settings import BadSetting

# A browser may open a connection ahead and send nothing on it.
SILENCE_S = 10
PAGE = Path(__file__).with_name("callback.html").read_text(encoding="utf-8")


class Verdict(Enum):
    """What an answer is, and the heading and the sentence of the page for it."""

    GIVEN = "Consent received", "The terminal shows the rest. You can close this page."
    DENIED = "The login was denied", "Nothing was changed. To try again, run <code>make login</code> in the terminal."
    OTHER_LOGIN = (
        "This is not the login that is waiting",
        "The page belongs to an earlier <code>make login</code>. Use the address that the terminal shows now.",
    )
    NO_ANSWER = "There is nothing here", "Spotify sends the answer to a login to <code>/callback</code>."


def verdict(answer: dict[str, str], state: str) -> Verdict:
    """What an answer means for the login with this state."""
    if not answer.keys() & {"code", "error"}:
        return Verdict.NO_ANSWER
    if not secrets.compare_digest(answer.get("state", "").encode(), state.encode()):
        return Verdict.OTHER_LOGIN
    return Verdict.GIVEN if "code" in answer else Verdict.DENIED


def parameters(address: str) -> dict[str, str]:
    """The parameters of an address, which may stand in quotes or be its last part only."""
    query = urlsplit(address.strip().strip("\"'<>")).query or address.strip().strip("\"'<>")
    return {name: values[0] for name, values in parse_qs(query).items()}


class Callback(ThreadingHTTPServer):
    """Waits at the redirect address. `answers` gets each answer to the login with `state`; others are only shown.

    Each connection has its own thread, so that a silent one holds up no other.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.state = secrets.token_urlsafe(16)
        self.answers: queue.Queue[dict[str, str]] = queue.Queue()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: a browser may close a connection before its page has arrived."""


@contextmanager
def listening(port: int) -> Iterator[Callback]:
    """The server at the redirect address. Raises BadSetting for a port in use."""
    try:
        server = Callback(port)
    except OSError as error:
        raise BadSetting(
            f"port {port} is taken ({error.strerror}); set SPOTIFY_REDIRECT_PORT to another, "
            "and add its address to your app's page"
        ) from None
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Callback
    timeout = SILENCE_S

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        answer = parameters(f"?{url.query}") if url.path == "/callback" else {}
        found = verdict(answer, self.server.state)
        heading, sentence = found.value
        if "error" in answer and found is Verdict.DENIED:
            sentence = f"Spotify says: {html.escape(answer['error'])}. {sentence}"
        page = PAGE.replace("{heading}", heading).replace("{sentence}", sentence).replace("{kind}", found.name.lower())
        content = page.encode()
        self.send_response(404 if found is Verdict.NO_ANSWER else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)
        if found in (Verdict.GIVEN, Verdict.DENIED):
            self.server.answers.put(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the request line holds the code."""
