"""After a killed run, and on another machine, the next run continues from the state in the lake."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dlt.pipeline.pipeline import Pipeline

from pipelines.spotify.resources import RESOURCES
from tests.account import Account, new_rows, report


@pytest.fixture
def account(copied_account: Account) -> Account:
    return copied_account


class Killed(BaseException):
    """Simulates SIGKILL: none of our code runs after it is raised."""


def test_a_fresh_machine_continues_with_the_cursors_of_the_lake(account: Account) -> None:
    loaded = account.load()
    assert new_rows(loaded) == {}
    assert report(loaded, "saved_tracks").calls == 1
    assert report(loaded, "saved_albums").outcome == "not due"
    before = account.state()
    account.moves_to_another_machine()
    account.load()
    after = account.state()
    assert after["resources"]["recently_played"] == before["resources"]["recently_played"]


@pytest.fixture
def killed_before_loading(account: Account, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Leave a package that was extracted and not loaded: that of the first load of a run (the plays) or the second."""

    def kill(number: int = 2) -> None:
        left = [load] * (number - 1)

        def until_killed(pipeline: Pipeline, *given: Any, **named: Any) -> Any:
            if not left:
                raise Killed
            return left.pop()(pipeline, *given, **named)

        with monkeypatch.context() as patch:
            patch.setattr(Pipeline, "load", until_killed)
            with pytest.raises(Killed):
                account.load()

    load = Pipeline.load
    return kill


def test_the_next_run_loads_a_pending_package_of_plays(
    account: Account, killed_before_loading: Callable[..., None]
) -> None:
    played = account.demo_server.mutate("play")
    killed_before_loading(1)
    assert account.rows("recently_played", f"track_id = '{played['id']}'") == []
    loaded = account.load()
    assert report(loaded, "recently_played").rows_new == 0
    assert len(account.rows("recently_played", f"track_id = '{played['id']}'")) == 1


def test_the_next_run_loads_a_pending_package(account: Account, killed_before_loading: Callable[..., None]) -> None:
    saved = account.demo_server.mutate("save")
    killed_before_loading()
    loaded = account.load()
    assert report(loaded, "saved_tracks").rows_new == 0
    assert f"spotify:track:{saved['id']}" in account.current_keys("saved_tracks")
    assert len(account.rows("saved_tracks", f"track_id = '{saved['id']}'")) == 1
    account.demo_server.mutate("unsave", id=saved["id"])


def test_a_pending_package_older_than_a_load_of_another_machine_is_dropped(
    account: Account, killed_before_loading: Callable[..., None], tmp_path: Path
) -> None:
    saved = account.demo_server.mutate("save")
    killed_before_loading()
    spinner = account.settings.working_dir
    shutil.move(spinner, tmp_path / "elsewhere")
    account.load()
    shutil.rmtree(spinner)
    shutil.move(tmp_path / "elsewhere", spinner)
    account.load()
    assert len(account.rows("saved_tracks", f"track_id = '{saved['id']}'")) == 1
    assert not list((spinner / "spotify").glob("*/extracted/*")) + list((spinner / "spotify").glob("load/new/*"))
    account.demo_server.mutate("unsave", id=saved["id"])


def test_interrupted_moves_of_packages_by_dlt_do_not_stop_later_runs(account: Account) -> None:
    account.load()
    spinner = account.settings.working_dir / "spotify"
    (spinner / "normalize" / "extracted" / "1600000000.5").mkdir(parents=True)
    package = spinner / "load" / "normalized" / "1600000000.5"
    package.mkdir(parents=True)
    (package / "package_completed.json").write_text("{}")
    assert new_rows(account.load()) == {}
    assert not package.exists()


def test_two_lakes_have_working_folders_of_their_own(account: Account, tmp_path: Path) -> None:
    other = Account(account.demo_server, tmp_path, LAKE_URL=str(tmp_path / "other"))
    assert other.settings.working_dir != account.settings.working_dir
    assert len(other.load().reports) == len(RESOURCES)
    account.load()
    assert other.current_keys("saved_tracks") == account.current_keys("saved_tracks")
