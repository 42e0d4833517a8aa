"""An answer that never ends does not hold up a run."""

import socket
import threading
import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipelines.http import deadline
from pipelines.spotify.auth import Tokens
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.errors import NoAnswer


def dripping(server: socket.socket) -> None:
    """Answer one request with a body of which one byte comes each 50 ms."""
    connection, _ = server.accept()
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    try:
        while True:
            connection.sendall(b" ")
            time.sleep(0.05)
    except OSError:
        connection.close()


def test_an_answer_that_comes_byte_by_byte_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "ANSWER_S", 0.3)
    tokens: Any = SimpleNamespace(get_access_token=lambda: "token")
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=dripping, args=[server], daemon=True).start()
        client = SpotifyClient(cast("Tokens", tokens), f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(NoAnswer, match="me/tracks"):
            client.get("me/tracks", tries=1)
