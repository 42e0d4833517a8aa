"""What tests of every part share."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import NoReturn

import pytest
import tenacity

from orchestration.github.job import NAMES
from pipelines.spotify import client
from tests import dbt_caches, library_caches
from tests.account import account, copied_account, loaded_once, new_account, same_environment
from tests.machine import machine
from tests.s3 import cloud, here, lake, no_pauses, often, server, there
from tests.simulators.athena import cloud as athena_cloud
from tests.simulators.athena.fetch import NotFetched
from tests.simulators.github.server import GitHub
from tests.simulators.spotify.demo_server import DemoServer

__all__ = [
    "account",
    "cloud",
    "copied_account",
    "here",
    "lake",
    "loaded_once",
    "machine",
    "new_account",
    "no_pauses",
    "often",
    "server",
    "there",
]

# These files run whole programs, kill them at every moment, or load and build again and again. `make test` leaves them
# out, because they take most of the time. `make test-all` runs them, and they come first: then no worker begins one
# when the other has nothing left to do.
SLOW = (
    "tests/kills/test_kills_on_s3.py",
    "tests/kills/test_kills.py",
    "tests/workflows/test_elt_without_aws.py",
    "tests/transform/test_touched_months.py",
    "tests/transform/test_lake.py",
    "tests/transform/test_lake_on_s3.py",
    "tests/transform/test_by_hand.py",
    "tests/aws/test_errors.py",
    "tests/workflows/test_elt.py",
    "tests/workflows/test_docs.py",
    "tests/truth/test_plays.py",
    "tests/truth/test_whole_path.py",
    "tests/kills/test_kills_of_imports.py",
    "tests/bench/test_lake_generator.py",
    "tests/publish/report/test_pages.py",
    "tests/publish/report/test_odd_accounts.py",
    "tests/lake/s3/test_lake_on_s3.py",
    "tests/orchestration/test_two_runs.py",
    "tests/orchestration/test_steps.py",
    "tests/notices/test_scheduled.py",
    "tests/publish/test_questions.py",
    "tests/transform/test_dbt.py",
    "tests/lake/test_compaction.py",
    "tests/lake/test_machines.py",
    "tests/spotify/test_plain_dlt.py",
    "tests/spotify/test_saved_lists.py",
    "tests/spotify/test_playlists.py",
    "tests/spotify/test_failures.py",
    "tests/spotify/test_resuming.py",
    "tests/spotify/test_locks.py",
    "tests/orchestration/test_run.py",
    "tests/orchestration/test_exit_codes.py",
    "tests/orchestration/test_cli.py",
    "tests/github/test_data_branch.py",
    "tests/publish/report/test_claims.py",
    "tests/aws_lambda/test_zips.py",
    "tests/follow/test_budget.py",
    "tests/github/test_alert.py",
    "tests/lake/s3/test_compatible_storage.py",
    "tests/publish/report/test_report_verb.py",
    "tests/airflow/test_dags.py",
    "tests/dagster/test_assets.py",
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests that need Java or Terraform, by the fixtures that they use, and the slow ones by their file."""
    fixtures = set(getattr(item, "fixturenames", ()))
    if _file_of(item) in SLOW:
        item.add_marker("slow")
    if "athena" in fixtures:
        item.add_marker("java")
    if fixtures & {"providers", "terraform", "applying", "applied"}:
        item.add_marker("terraform")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow files first."""
    order = {file: position for position, file in enumerate(SLOW)}
    items.sort(key=lambda item: order.get(_file_of(item), len(order)))


def _file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def pytest_collection_finish() -> None:
    """What is imported stays. The garbage collector need not look at it again in each collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_unconfigure() -> None:
    """Without this line DuckDB's Python binding prints a hundred lines about objects that were never freed."""
    gc.unfreeze()


def pytest_configure() -> None:
    os.fsync = lambda fd: None  # no test cuts the power, and a load waits for the disk a hundred times
    library_caches.install()
    dbt_caches.install_with_dbt()


@pytest.fixture(autouse=True)
def at_once(waits: list[float]) -> Iterator[None]:
    """No test waits, and none leaves settings behind."""
    with same_environment():
        yield


@pytest.fixture(autouse=True, scope="session")
def no_job() -> Iterator[None]:
    """A test is the same in a job of GitHub Actions as at home."""
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            if name in os.environ:
                patch.delenv(name)
        yield


@pytest.fixture
def github() -> Iterator[GitHub]:
    """A private repository without issues."""
    with GitHub() as github:
        yield github


@pytest.fixture
def demo_servers() -> Iterator[Callable[..., DemoServer]]:
    """Starts demo accounts, `listeners(size=100)`, each of which ends with the test."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(DemoServer(**options))


@pytest.fixture
def demo_server(demo_servers: Callable[..., DemoServer]) -> DemoServer:
    """A demo account in development mode, at 2026-11-02T08:00:00Z, with 400 saved tracks."""
    return demo_servers()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waiting for Spotify takes no time; these are the seconds that would have been waited."""
    waited: list[float] = []
    clock = SimpleNamespace(sleep=waited.append)
    monkeypatch.setattr(client, "time", clock)
    monkeypatch.setattr(tenacity.nap, "time", clock)
    return waited


@pytest.fixture(scope="session")
def athena() -> Iterator[athena_cloud.Cloud]:
    """One Athena test server for the whole session; `athena.reset()` empties it. Where CI is set it must be there."""
    with ExitStack() as stack:
        try:
            started = stack.enter_context(athena_cloud.started())
        except NotFetched as missing:
            absent(missing)
        yield started


def absent(missing: NotFetched) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(str(missing))
    pytest.skip(str(missing))
