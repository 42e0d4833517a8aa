"""What tests of the login share."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import requests


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def browser() -> Iterator[Callable[[str], None]]:
    """Opens an address in a thread, as a user's browser does while the login waits."""
    threads: list[threading.Thread] = []

    def opens(*addresses: str) -> None:
        def go() -> None:
            for address in addresses:
                requests.get(address, timeout=5)

        threads.append(threading.Thread(target=go))
        threads[-1].start()

    yield opens
    for thread in threads:
        thread.join(10)
