"""One server for all tests of a folder, an empty bucket for each."""

from collections.abc import Iterator

import pytest

from tests.cloud.server import Cloud, exported, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Cloud]:
    with serving() as cloud:
        yield cloud


@pytest.fixture
def cloud(server: Cloud) -> Iterator[Cloud]:
    """An empty bucket, and an environment that leads to it."""
    server.clean()
    with exported(server.environment | {"AWS_DEFAULT_REGION": server.environment["AWS_REGION"]}):
        yield server
