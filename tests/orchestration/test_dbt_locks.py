"""dbt works where multiprocessing cannot make a lock, as in AWS Lambda."""

import multiprocessing.synchronize
from typing import Any, NoReturn

import pytest

from orchestration.warehouses.dbt_locks import locks_of_threads


def refused(*_: Any, **__: Any) -> NoReturn:
    raise OSError(38, "Function not implemented")


def test_dbt_gets_locks_and_a_pool_without_shared_memory_and_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing.synchronize.SemLock, "__init__", refused)
    with locks_of_threads():
        from dbt.graph.thread_pool import DbtThreadPool
        from dbt.mp_context import get_mp_context

        made = [get_mp_context().Lock(), get_mp_context().RLock()]
        assert all(lock.acquire(timeout=1) for lock in made)
        pool = DbtThreadPool(2)
        try:
            assert pool.map(abs, [-1, -2]) == [1, 2]
        finally:
            pool.close()
            pool.join()
    with pytest.raises(OSError, match="not implemented"):
        get_mp_context().Lock()
    with pytest.raises(OSError, match="not implemented"):
        DbtThreadPool(2)
