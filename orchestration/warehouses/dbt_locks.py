"""Locks of threads for dbt, in the place of locks of processes.

dbt asks multiprocessing for its locks, and these need a writable /dev/shm, which AWS Lambda does not have (dbt-core
issue 2992). dbt is one process with many threads, so locks of threads are enough, everywhere.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import SimpleQueue
from typing import Any


class _Context:
    """What dbt and its pool of threads ask a context of multiprocessing for."""

    Lock = staticmethod(threading.Lock)
    RLock = staticmethod(threading.RLock)

    def SimpleQueue(self) -> Any:  # noqa: N802 - a name of multiprocessing
        return SimpleQueue(ctx=self)


@contextmanager
def locks_of_threads() -> Iterator[None]:
    """Inside the block dbt makes locks of threads. dbt must be imported inside such a block the first time."""
    from dbt import mp_context as imported

    mp_context: Any = imported
    before, mp_context._MP_CONTEXT = mp_context._MP_CONTEXT, _Context()
    try:
        from dbt.graph.thread_pool import DbtThreadPool

        pool: Any = DbtThreadPool
        original = pool._setup_queues

        def set_up(self: Any) -> None:
            self._ctx = mp_context._MP_CONTEXT  # the pool makes one queue of this context afterwards
            original(self)

        pool._setup_queues = set_up
        try:
            yield
        finally:
            del pool._setup_queues
    finally:
        mp_context._MP_CONTEXT = before
