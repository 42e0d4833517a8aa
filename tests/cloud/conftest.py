"""One server for all tests of a folder, an empty bucket for each."""

from collections.abc import Iterator

import fsspec
import pytest
from s3fs import S3FileSystem

from tests.cloud.server import Cloud, exported, serving


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
    """s3fs keeps its own for as long as the process lives, with the settings that held when they were made."""
    for kept in list(S3FileSystem._cache.values()):
        if kept._s3 is not None:
            fsspec.asyn.sync(kept.loop, kept._s3.close)
    S3FileSystem.clear_instance_cache()
