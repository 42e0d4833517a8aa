"""The steps of a run as functions: called twice in one process, without output, and under a shared lock."""

import logging
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.exit_codes import Exit
from orchestration.lake_lock import lake_lock
from orchestration.run import build, elt, extract, register
from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import BuildResult
from orchestration.warehouses.duckdb import DuckDBFile
from pipelines.lake import manifest
from pipelines.lake.lock import Busy, holder
from pipelines.lake.store import Lake
from pipelines.settings import Settings, load_settings
from tests.machine import SMALL
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

# One mart with its parents, and only the tests for which every table is built
SELECTION = ("--select", "+fct_library_changes", "--indirect-selection", "cautious")


@pytest.fixture
def account(demo_servers: Callable[..., DemoServer], tmp_path: Path) -> Callable[..., Settings]:
    """Returns settings for an account with its own demo server and folder."""

    def new(name: str, **options: Any) -> Settings:
        server = demo_servers(**SMALL | options)
        environment = {
            "SPOTIFY_CLIENT_ID": CLIENT_ID,
            "SPOTIFY_REFRESH_TOKEN": REFRESH_TOKEN,
            "SPOTIFY_API_URL": server.api_url,
            "SPOTIFY_ACCOUNTS_URL": server.accounts_url,
        }
        return load_settings(environment, tmp_path / name)

    return new


@pytest.fixture
def without_dbt(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that takes no time and reports one failed test."""
    built = BuildResult(models=3, tests=2, skipped=0, failed=("a test",), broken=(), seconds=0.0)
    monkeypatch.setattr(dbt, "build", lambda *_, **__: built)


def process_state() -> dict[str, Any]:
    """The state of the process that the functions could change."""
    return {
        "signal handlers": {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)},
        "root log level": logging.root.level,
        "root log handlers": list(logging.root.handlers),
    }


def library_changes(settings: Settings) -> int:
    with duckdb.connect(str(DuckDBFile(settings).build_file), read_only=True) as db:
        return int(db.execute("select count(*) from marts.fct_library_changes").fetchall()[0][0])


def test_the_steps_run_for_two_lakes_in_one_process_and_print_nothing(
    account: Callable[..., Settings], capfd: pytest.CaptureFixture[str]
) -> None:
    before = process_state()
    small, large = account("small", size=10), account("large", size=60)
    for _ in range(2):
        for settings, size in ((small, 10), (large, 60)):
            loaded = extract(settings)
            assert loaded.exit_code == Exit.OK
            assert loaded.rows_appended.get("saved_tracks", 0) in (size, 0)
            register(settings)
            built = build(settings, arguments=SELECTION)
            assert built.exit_code == Exit.OK, built.broken
            assert built.models_built > 3
            assert "without a selection" in built.not_published
            assert not settings.duckdb_path.exists()
    assert library_changes(small) < library_changes(large)
    assert capfd.readouterr() == ("", "")
    assert process_state() == before


@pytest.mark.usefixtures("without_dbt")
def test_each_step_writes_its_own_record_and_register_writes_none(account: Callable[..., Settings]) -> None:
    settings = account("one")
    lake = Lake(settings.lake_url)
    extract(settings)
    last_run = lake.read_json(manifest.LAST_RUN)
    register(settings)
    assert lake.read_json(manifest.LAST_BUILD) is None
    build(settings)
    last_build = lake.read_json(manifest.LAST_BUILD)
    assert last_run
    assert last_build
    assert (last_run["verb"], last_build["verb"]) == ("extract", "build")
    assert lake.read_json(manifest.LAST_RUN) == last_run


@pytest.mark.usefixtures("without_dbt")
def test_a_build_without_the_rows_of_a_damaged_file_does_not_replace_the_tables(
    account: Callable[..., Settings],
) -> None:
    settings = account("one")
    extract(settings)
    (plays,) = Path(settings.lake_url).glob("spotify/recently_played/*/*.parquet")
    plays.write_bytes(b"")
    damaged = build(settings)
    assert "the tables of the last build stay" in damaged.not_published
    assert any(plays.name in warning for warning in damaged.warnings)
    extract(settings)
    assert "the tables of the last build stay" not in build(settings).not_published


@pytest.mark.usefixtures("without_dbt")
def test_steps_under_one_lock_make_one_record(account: Callable[..., Settings]) -> None:
    settings = account("one")
    with lake_lock(settings, "elt") as lock:
        extract(settings, lock=lock)
        assert holder(lock.lake) is not None
        with pytest.raises(Busy):
            build(settings)
        register(settings, lock=lock)
        record = build(settings, lock=lock)
        assert lock.lake.read_json(manifest.LAST_RUN) is None
    kept = lock.lake.read_json(manifest.LAST_RUN)
    assert kept == record.as_json() | {"read_at": kept and kept["read_at"], "resources": kept and kept["resources"]}
    assert holder(lock.lake) is None


@pytest.mark.usefixtures("without_dbt")
def test_elt_reports_progress_through_callbacks(account: Callable[..., Settings]) -> None:
    seen: list[str] = []
    record = elt(account("one"), on_progress=lambda report: seen.append(report.resource), on_step=seen.append)
    assert record.exit_code == Exit.TESTS_FAILED
    assert record.rows_appended["saved_tracks"] == SMALL["size"]
    assert "saved_tracks" in seen
    assert seen[-1] == "building the tables"
