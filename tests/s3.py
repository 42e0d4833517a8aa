"""One server for all tests of a folder, an empty bucket for each; verbs as a person types them, and plain loads."""

from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest
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


@pytest.fixture
def cloud(server: Cloud) -> Iterator[Cloud]:
    """An empty bucket, an environment that leads to it, and connections that were made in it."""
    server.clean()
    with exported(server.environment):
        yield server
        close_connections()


def close_connections() -> None:
    """fsspec keeps file systems for as long as the process lives, with the environment in which they were made."""
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
    """One for all tests of a module, small."""
    with DemoServer(**SMALL) as demo_server:
        yield demo_server


@pytest.fixture
def account(cloud: Cloud, demo_server: DemoServer, tmp_path: Path, waits: list[float]) -> Account:
    """The listener's lake in the bucket, and one machine."""
    return Account(demo_server, tmp_path, LAKE_URL=LAKE_URL, AWS_REGION=REGION)


@pytest.fixture
def machines(
    cloud: Cloud, demo_server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> Callable[[str], Machine]:
    """`machines("fresh")` has a folder of its own; all have the lake in the bucket, and wait for nobody."""

    def machine(name: str) -> Machine:
        made = Machine(demo_server, tmp_path / name, monkeypatch)
        made.environment |= {"LAKE_URL": LAKE_URL, "AWS_REGION": REGION, "AWS_MAX_ATTEMPTS": "1"}
        return made

    return machine


@pytest.fixture
def machine(machines: Callable[[str], Machine]) -> Machine:
    return machines("machine")
