"""A limit for a whole answer. The timeout of requests bounds each wait for data only, and a server may send slowly."""

import threading
from typing import Any

ANSWER_S = 60.0


def within_deadline(answer: Any, *_: Any, **__: Any) -> None:
    """A response hook of requests that reads the body. After ANSWER_S seconds the read ends with an error."""
    timer = threading.Timer(ANSWER_S, answer.raw.shutdown)
    timer.daemon = True
    timer.start()
    try:
        answer.content  # noqa: B018  reads the body
    finally:
        timer.cancel()
