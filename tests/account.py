"""A demo account with a lake in a folder on one machine. Loads are real, except that nothing waits."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.lake.source import ResourceReport
from pipelines.lake.store import Lake
from pipelines.load import LoadResult, load
from pipelines.settings import Settings, load_settings
from pipelines.spotify.tables import TABLES
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

Row = dict[str, Any]
SMALL = {"size": 120, "playlists": 8, "playlist_items": 12}


class Account:
    """`load()` loads the demo account into the lake, at the time of the demo clock."""

    def __init__(self, demo_server: DemoServer, folder: Path, **environment: str) -> None:
        self.demo_server = demo_server
        self.folder = folder
        given = {
            "SPOTIFY_CLIENT_ID": CLIENT_ID,
            "SPOTIFY_REFRESH_TOKEN": REFRESH_TOKEN,
            "SPOTIFY_API_URL": demo_server.api_url,
            "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
        }
        self.settings = load_settings(given | environment, folder)

    @property
    def lake(self) -> Lake:
        return Lake.of(self.settings)

    @property
    def token_file(self) -> Path:
        return Path(self.settings.token_file)

    def load(self, full: bool = False, **changes: Any) -> LoadResult:
        """One load, one second after the last. Afterwards the request log has the requests of this load only."""
        self.demo_server.clock(seconds=1)
        self.demo_server.forget_requests()
        return load(self.ready(**changes), full)

    def ready(self, **changes: Any) -> Settings:
        now = dt.datetime.fromisoformat(self.demo_server.clock()).replace(tzinfo=None)
        return self.settings.model_copy(update={"now": now} | changes)

    def asked(self) -> dict[str, int]:
        """Web API requests of the last run, as the server counted them: `{"me/tracks": 2}`."""
        counts = self.demo_server.requests().items()
        return {name.removeprefix("GET /v1/"): count for name, count in counts if name.startswith("GET /v1/")}

    def items_asked(self) -> dict[str, int]:
        """Requests for the items of each playlist, in the last run."""
        asked = self.asked().items()
        return {path.split("/")[1]: count for path, count in asked if path.startswith("playlists/")}

    def query(self, question: str) -> list[tuple[Any, ...]]:
        """The result of a query on the lake. `{tracks}` stands for the table's rows in complete loads."""
        tables = {
            folder.name: self._rows_of(folder) for folder in self.dataset.iterdir() if any(folder.rglob("*.parquet"))
        }
        with duckdb.connect() as db:
            return db.execute(question.format_map(tables)).fetchall()

    def rows(self, table: str, of: str = "true") -> list[Row]:
        """The rows of complete loads for which the SQL condition `of` holds, oldest read first."""
        if not (self.dataset / table).exists():
            return []
        with duckdb.connect() as db:
            found = db.execute(f"from {self._rows_of(self.dataset / table)} where {of} order by read_at, row_hash")
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def current_keys(self, table: str) -> set[str]:
        """The keys that are in the list according to the lake."""
        newest = {row[TABLES[table].key[0]]: row["is_removed"] for row in self.rows(table)}
        return {key for key, is_removed in newest.items() if not is_removed}

    @property
    def dataset(self) -> Path:
        return Path(self.lake.dataset("spotify").root)

    def completed(self) -> set[str]:
        """Ids of the complete loads."""
        return self.lake.dataset("spotify").completed()

    def _rows_of(self, folder: Path) -> str:
        files = sorted(folder.rglob("*.parquet"))
        completed = sorted(self.completed())
        return (
            f"(from read_parquet({[str(file) for file in files]}, union_by_name = true) "
            f"where list_contains({completed}, _dlt_load_id))"
        )

    def state(self) -> Row:
        """The state that the pipeline keeps between runs."""
        kept = json.loads((self.settings.working_dir / "spotify" / "state.json").read_text())
        found: Row = kept["sources"]["spotify"]
        return found

    def moves_to_another_machine(self) -> None:
        shutil.rmtree(self.settings.working_dir)


def report(loaded: LoadResult, resource: str) -> ResourceReport:
    return next(found for found in loaded.reports if found.resource == resource)


def new_rows(loaded: LoadResult) -> dict[str, int]:
    """The numbers of appended rows by table, without `resource_runs`."""
    return {table: count for table, count in loaded.rows.items() if count and table != "resource_runs"}


@contextmanager
def same_environment() -> Iterator[None]:
    """Undo all changes of environment variables at the end of the block."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def new_account(demo_servers: Callable[..., DemoServer], tmp_path: Path) -> Callable[..., Account]:
    return lambda **options: Account(demo_servers(**SMALL | options), tmp_path)


@pytest.fixture
def account(new_account: Callable[..., Account]) -> Account:
    """A small account: 120 saved tracks, 8 playlists of about 12 items."""
    return new_account()


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with DemoServer(size=30, playlists=1, playlist_items=5) as demo_server:
        account = Account(demo_server, tmp_path_factory.mktemp("loaded"))
        account.load()
        yield account


@pytest.fixture
def copied_account(loaded_once: Account, tmp_path: Path) -> Account:
    """A copy of a lake that was loaded once, on a fresh machine."""
    shutil.copytree(Path(loaded_once.lake.root), tmp_path / "data" / "lake")
    return Account(loaded_once.demo_server, tmp_path)
