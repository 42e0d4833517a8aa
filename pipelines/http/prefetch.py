"""A few requests at once, with their results in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

WORKERS = 4
T = TypeVar("T")
R = TypeVar("R")


def prefetch(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Yield `work(item)` in the order of the items; up to four threads work ahead of the consumer."""
    pool = ThreadPoolExecutor(WORKERS)
    waiting: deque[Future[R]] = deque()
    is_abandoned = False
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except (KeyboardInterrupt, GeneratorExit):
        is_abandoned = True  # do not wait for requests that may run into their timeout
        raise
    finally:
        pool.shutdown(wait=not is_abandoned, cancel_futures=True)
