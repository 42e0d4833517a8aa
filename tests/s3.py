"""Fixtures for a lake on S3: one server for all tests of a folder, an empty bucket for each test."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import aiobotocore.endpoint
import botocore.endpoint
import fsspec
import pytest
import s3fs.core
from dlt.common.runners import pool_runner
from s3fs import S3FileSystem

from pipelines.lake import lease
from pipelines.lake.store import Lake
from tests.account import Account
from tests.machine import SMALL, Machine
from tests.simulators.aws.server import LAKE_URL, REGION, Cloud, exported, serving
from tests.simulators.spotify.demo_server import DemoServer


@pytest.fixture(scope="session")
def server() -> Iterator[Cloud]:
    with serving() as cloud:
        yield cloud


class WithoutSleep:
    """A module whose `sleep` returns at once."""

    def __init__(self, module: ModuleType, sleep: Callable[[float], Any]) -> None:
        self._module = module
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries of s3fs, botocore and dlt follow each other without a pause."""
    without_pause = WithoutSleep(asyncio, lambda seconds: asyncio.sleep(0))
    monkeypatch.setattr(s3fs.core, "asyncio", without_pause)
    monkeypatch.setattr(aiobotocore.endpoint, "asyncio", without_pause)
    monkeypatch.setattr(botocore.endpoint, "time", WithoutSleep(time, lambda seconds: None))
    monkeypatch.setattr(pool_runner, "sleep", lambda seconds: time.sleep(0.01))


@pytest.fixture
def cloud(server: Cloud, no_pauses: None) -> Iterator[Cloud]:
    """An empty bucket, with the environment variables for it. Connections are closed after the test."""
    server.clean()
    with exported(server.environment):
        yield server
        close_connections()


def close_connections() -> None:
    """Close all s3fs connections. fsspec keeps them until the process ends, with the environment of their creation."""
    for kept in list(S3FileSystem._cache.values()):
        if kept._s3 is not None:
            fsspec.asyn.sync(kept.loop, kept._s3.close)
    S3FileSystem.clear_instance_cache()


@pytest.fixture
def lake(cloud: Cloud) -> Lake:
    return Lake(LAKE_URL, REGION)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "here"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "there"


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.05)


@pytest.fixture(scope="module")
def demo_server() -> Iterator[DemoServer]:
    """One small demo server for all tests of a module."""
    with DemoServer(**SMALL) as demo_server:
        yield demo_server


@pytest.fixture
def account(cloud: Cloud, demo_server: DemoServer, tmp_path: Path, waits: list[float]) -> Account:
    """The demo account with its lake in the bucket, on one machine."""
    return Account(demo_server, tmp_path, LAKE_URL=LAKE_URL, AWS_REGION=REGION)


@pytest.fixture
def machines(
    cloud: Cloud, demo_server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> Callable[[str], Machine]:
    """`machines("fresh")` is a machine with its own folder. All machines share the lake in the bucket; none waits."""

    def machine(name: str) -> Machine:
        made = Machine(demo_server, tmp_path / name, monkeypatch)
        made.environment |= {"LAKE_URL": LAKE_URL, "AWS_REGION": REGION, "AWS_MAX_ATTEMPTS": "1"}
        return made

    return machine


@pytest.fixture
def machine(machines: Callable[[str], Machine]) -> Machine:
    return machines("machine")
