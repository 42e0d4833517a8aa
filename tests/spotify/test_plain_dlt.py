"""The source in plain dlt: in an empty folder, with dlt's defaults and without this repository's configuration."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dlt
import duckdb
import pytest

from pipelines.settings import ROOT
from pipelines.spotify import spotify
from pipelines.spotify.resources import RESOURCES
from tests import warm
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

PLAYLISTS = 120


class Folder:
    """An empty folder of a dlt user, with the credentials that the README shows."""

    def __init__(self, path: Path, demo_server: DemoServer) -> None:
        self.path = path
        (path / ".dlt").mkdir(parents=True)
        (path / ".dlt" / "secrets.toml").write_text(
            f'[sources.spotify]\nclient_id = "{CLIENT_ID}"\nrefresh_token = "{REFRESH_TOKEN}"\n'
            f'api_url = "{demo_server.api_url}"\naccounts_url = "{demo_server.accounts_url}"\n'
        )

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "DLT_DATA_DIR": str(self.path / "dlt"),
            "PYTHONPATH": str(ROOT),
        }
        return warm.run(arguments, self.path, environment)

    def count(self, what: str) -> int:
        with duckdb.connect(str(self.path / "spotify.duckdb"), read_only=True) as db:
            found = db.execute(f"select {what}").fetchone()
        assert found
        return int(found[0])


def readme_example() -> str:
    """The Python block of the README's section for dlt users."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## In your own dlt project\n")[2]
    blocks = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert blocks
    return str(blocks[0])


@pytest.fixture(scope="module")
def demo_server() -> Iterator[DemoServer]:
    with DemoServer(size=60, playlists=PLAYLISTS, playlist_items=7) as server:
        yield server


@pytest.fixture(scope="module")
def loaded(demo_server: DemoServer, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The README's example, run once from an empty folder."""
    folder = Folder(tmp_path_factory.mktemp("own project"), demo_server)
    done = folder.python("-c", readme_example())
    assert done.returncode == 0, done.stderr
    return folder


def test_the_example_of_the_readme_loads_the_items_of_every_playlist(loaded: Folder, demo_server: DemoServer) -> None:
    shown = loaded.count("count(*) from raw.playlist_snapshots where outcome = 'read' and items_total > 0")
    assert loaded.count("count(distinct playlist_id) from raw.playlist_items") == shown
    assert loaded.count("count(*) from raw.playlist_snapshots") == loaded.count("count(*) from raw.playlists")
    assert loaded.count("count(*) from raw.playlists") == PLAYLISTS - 1  # Spotify's playlist is a null element
    made = sum(count for name, count in demo_server.requests().items() if name.startswith("GET /v1/"))
    assert loaded.count("sum(calls) from raw.resource_runs") == made


def test_a_second_run_of_the_example_appends_only_what_is_new(loaded: Folder, demo_server: DemoServer) -> None:
    counts = {
        table: loaded.count(f"count(*) from raw.{table}") for table in ("saved_tracks", "playlist_items", "tracks")
    }
    saved = demo_server.mutate("save")
    done = loaded.python("-c", readme_example())
    assert done.returncode == 0, done.stderr
    assert loaded.count(f"count(*) from raw.saved_tracks where track_id = '{saved['id']}'") == 1
    assert loaded.count("count(*) from raw.saved_tracks") == counts["saved_tracks"] + 1
    assert loaded.count("count(*) from raw.playlist_items") == counts["playlist_items"]
    assert loaded.count("count(*) from raw.tracks") <= counts["tracks"] + 1


def test_a_removed_item_gets_a_tombstone_in_plain_dlt_too(loaded: Folder, demo_server: DemoServer) -> None:
    removed = demo_server.mutate("remove_playlist", playlist=0)["id"]
    assert loaded.python("-c", readme_example()).returncode == 0
    assert loaded.count(f"count(*) from raw.playlists where playlist_id = '{removed}' and is_removed") == 1


def test_the_dlt_command_finds_the_pipeline(loaded: Folder) -> None:
    dlt_program = Path(sys.executable).with_name("dlt")
    script = f"import sys; sys.argv = ['dlt', 'pipeline', 'spotify', 'info']; exec(open({str(dlt_program)!r}).read())"
    done = loaded.python("-c", script)
    assert "Found pipeline spotify" in done.stdout
    assert "saved_tracks" in done.stdout


def test_a_child_resource_alone_reads_and_loads_its_parent(demo_server: DemoServer, tmp_path: Path) -> None:
    pipeline = dlt.pipeline(
        "child",
        pipelines_dir=str(tmp_path / "dlt"),
        destination=dlt.destinations.duckdb(str(tmp_path / "child.duckdb")),
        dataset_name="raw",
    )
    source = spotify(CLIENT_ID, REFRESH_TOKEN, api_url=demo_server.api_url, accounts_url=demo_server.accounts_url)
    pipeline.run(source.with_resources("playlist_items")).raise_on_failed_jobs()
    with duckdb.connect(str(tmp_path / "child.duckdb"), read_only=True) as db:
        counts = db.execute(
            "select (select count(*) from raw.playlists), (select count(*) from raw.playlist_snapshots), "
            "(select string_agg(distinct resource, ',' order by resource) from raw.resource_runs)"
        ).fetchone()
    assert counts
    assert counts[0] == counts[1] > 100
    assert counts[2] == "playlist_items,playlists"


def test_every_declared_resource_is_a_dlt_resource(demo_server: DemoServer) -> None:
    source = spotify(CLIENT_ID, REFRESH_TOKEN, api_url=demo_server.api_url, accounts_url=demo_server.accounts_url)
    assert set(source.selected_resources) == {resource.name for resource in RESOURCES}


def test_the_source_run_alone_prints_the_rows_by_table(demo_server: DemoServer, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "alone", demo_server)
    done = folder.python("-m", "pipelines.spotify")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^saved_tracks +\d+ rows$", done.stdout, re.MULTILINE)
    assert folder.count("count(*) from raw.saved_tracks") >= 60
    # The number of the form, at byte 12 of the file. DuckDB 1.1 reads 64, DuckDB 2 writes 999.
    assert int.from_bytes((folder.path / "spotify.duckdb").read_bytes()[12:20], "little") == 64


def test_the_source_run_alone_names_a_missing_setting(demo_server: DemoServer, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "alone", demo_server)
    (folder.path / ".dlt" / "secrets.toml").write_text("")
    done = folder.python("-m", "pipelines.spotify")
    assert done.returncode == 1
    assert done.stderr.startswith("sources.spotify.client_id")
    assert "secrets.toml" in done.stderr


def test_a_locked_resource_is_a_warning_and_the_others_are_loaded(demo_server: DemoServer, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "locked", demo_server)
    demo_server.fault("/v1/me/tracks", status=429, headers={"Retry-After": "86400"})
    done = folder.python("-c", readme_example())
    demo_server.no_faults()
    assert done.returncode == 0, done.stderr
    assert "saved_tracks stopped: me/tracks: rate limit, locked for 86400 s" in done.stderr
    assert (
        folder.count("count(*) from raw.resource_runs where resource = 'saved_tracks' and not_before is not null") == 1
    )
    assert folder.count("count(*) from raw.saved_albums") > 0


@pytest.fixture
def rotating(demo_servers: Callable[..., DemoServer]) -> DemoServer:
    server = demo_servers(size=10, playlists=1, playlist_items=2)
    server.switch(rotation=True)
    return server


def test_a_rotated_token_is_stored_for_the_next_run(rotating: DemoServer, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "rotating", rotating)
    for _ in range(3):
        done = folder.python("-c", readme_example())
        assert done.returncode == 0, done.stderr
    kept = folder.path / ".dlt" / "spotify_token.json"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_rotated_token_is_given_to_the_callback(rotating: DemoServer, tmp_path: Path) -> None:
    given: list[str] = []
    pipeline = dlt.pipeline(
        "callback",
        pipelines_dir=str(tmp_path / "dlt"),
        destination=dlt.destinations.duckdb(str(tmp_path / "callback.duckdb")),
    )
    token = REFRESH_TOKEN
    for _ in range(2):
        source = spotify(
            CLIENT_ID,
            token,
            token_file=str(tmp_path / "never written.json"),
            on_rotated_token=given.append,
            api_url=rotating.api_url,
            accounts_url=rotating.accounts_url,
        )
        pipeline.run(source).raise_on_failed_jobs()
        token = given[-1]
    assert len(given) == 2
    assert not (tmp_path / "never written.json").exists()


def test_a_refused_refresh_token_names_the_setting_of_dlt(demo_server: DemoServer, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "refused", demo_server)
    secrets = folder.path / ".dlt" / "secrets.toml"
    secrets.write_text(secrets.read_text().replace(REFRESH_TOKEN, "no-token-of-anybody"))
    done = folder.python("-m", "pipelines.spotify")
    assert done.returncode == 1
    assert "write a new refresh token into sources.spotify.refresh_token" in done.stderr
