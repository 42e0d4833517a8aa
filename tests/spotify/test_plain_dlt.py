"""The source is a dlt source like any other: it loads into any destination, without our upkeep."""

from collections.abc import Callable
from pathlib import Path

import dlt
import duckdb

from pipelines.spotify.source import spotify
from pipelines.spotify.tables import TABLES
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer


def test_the_same_source_loads_into_duckdb_and_loads_again(
    demo_servers: Callable[..., DemoServer], tmp_path: Path
) -> None:
    demo_server = demo_servers(size=60, playlists=2, playlist_items=60)
    file = tmp_path / "plain.duckdb"
    pipeline = dlt.pipeline(
        "plain", pipelines_dir=str(tmp_path / "dlt"), destination=dlt.destinations.duckdb(str(file)), dataset_name="raw"
    )

    def run() -> None:
        source = spotify(CLIENT_ID, REFRESH_TOKEN, api_url=demo_server.api_url, accounts_url=demo_server.accounts_url)
        pipeline.run(source).raise_on_failed_jobs()

    def counted(question: str) -> int:
        with duckdb.connect(str(file), read_only=True) as db:
            found = db.execute(question).fetchone()
        assert found
        return int(found[0])

    run()
    assert counted("select count(*) from raw.saved_tracks") == 60
    assert counted("select count(distinct track_uri) from raw.saved_tracks") == 60
    names = {*TABLES, "_dlt_loads", "_dlt_version", "_dlt_pipeline_state"}
    with duckdb.connect(str(file), read_only=True) as db:
        made = {row[0] for row in db.execute("select table_name from information_schema.tables").fetchall()}
    assert made <= names
    assert len(made) > 20
    saved = demo_server.mutate("save")
    demo_server.forget_requests()
    run()
    assert counted(f"select count(*) from raw.saved_tracks where track_id = '{saved['id']}'") == 1
    assert counted("select count(distinct track_uri) from raw.saved_tracks") == 61
    assert counted("select count(*) from raw.resource_runs") == 16
    assert "GET /v1/me/albums" not in demo_server.requests()
