"""`spotify_build` in Airflow itself, on the Athena test server."""

from collections.abc import Callable
from pathlib import Path

from orchestration.scheduled_steps import step
from tests.airflow.conftest import Airflow
from tests.machine import SMALL
from tests.simulators.athena.cloud import Cloud
from tests.simulators.athena.control import WorkGroup
from tests.simulators.athena.trino import REGION
from tests.simulators.aws.server import exported
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

BUCKET = "lake-of-airflow"


def test_the_three_tasks_make_the_tables_on_athena(
    athena: Cloud, program: Path, demo_servers: Callable[..., DemoServer], tmp_path: Path
) -> None:
    athena.reset()
    athena.control.work_groups["spotify-elt"] = WorkGroup("spotify-elt", is_enforced=False)
    athena.make_bucket(BUCKET)
    athena.make_databases()
    server = demo_servers(**SMALL)
    with exported(athena.environment):
        airflow = Airflow(
            program,
            tmp_path,
            TARGET="prod",
            AWS_REGION=REGION,
            LAKE_URL=f"s3://{BUCKET}/lake",
            SPOTIFY_CLIENT_ID=CLIENT_ID,
            SPOTIFY_REFRESH_TOKEN=REFRESH_TOKEN,
            SPOTIFY_TOKEN_FILE=str(tmp_path / "token.json"),
            SPOTIFY_API_URL=server.api_url,
            SPOTIFY_ACCOUNTS_URL=server.accounts_url,
        )
        step("extract", airflow.loaded())
        printed = airflow.run("dags", "test", "spotify_build")
    assert "state=success" in printed
    tables = athena.client("glue").get_tables(DatabaseName="spotify_marts")["TableList"]
    assert len(tables) > 20
