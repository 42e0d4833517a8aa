"""The steps of the production job, each time in a fresh clone; the token, S3 and Athena are on loopback."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.athena import cloud as athena_server
from tests.simulators.aws.server import BUCKET, LAKE_URL, REGION, Cloud, serving
from tests.simulators.github.server import TOKEN, GitHub
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer
from tests.workflows.workflow import Job, Ran

PARAMETER = "/spotify-elt/token"
TABLE = {
    "github.event.schedule": "",
    "github.token": TOKEN,
    "inputs.verb": "",
    "vars.AWS_REGION": REGION,
    "secrets.AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/spotify-elt",
    "secrets.LAKE_URL": LAKE_URL,
    "vars.GLUE_PREFIX": "",
    "vars.ATHENA_WORK_GROUP": "",
    "vars.SPOTIFY_TOKEN_FILE": "",
    "vars.TIME_ZONE": "",
    "vars.EXCLUSIONS_FILE": "",
}
HOUR = {"github.event.schedule": "7 * * * *"}


class Production:
    """`comes(HOUR)` is one run of the workflow. Only AWS keeps anything between two runs."""

    def __init__(self, clone: Callable[[], Path], runner: dict[str, str], demo_server: DemoServer, aws: Any) -> None:
        self.clone, self.demo_server, self.aws = clone, demo_server, aws
        addresses = {"SPOTIFY_API_URL": demo_server.api_url, "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url}
        self.runner = runner | addresses | aws.environment
        tokens = {
            "client_id": CLIENT_ID,
            "refresh_token": REFRESH_TOKEN,
            "scope": "",
            "consented_at": "2026-11-01T08:00:00Z",
        }
        aws.client("ssm").put_parameter(Name=PARAMETER, Value=json.dumps(tokens), Type="SecureString", Overwrite=True)

    def comes(self, event: dict[str, str]) -> Ran:
        self.demo_server.clock(hours=1)
        return Job("elt.yml", "elt").run(self.clone(), TABLE | event, self.runner)

    def record(self, name: str) -> dict[str, Any]:
        found = self.aws.client("s3").get_object(Bucket=BUCKET, Key=f"lake/{name}.json")
        return dict(json.loads(found["Body"].read()))

    @property
    def refresh_token(self) -> str:
        found = self.aws.client("ssm").get_parameter(Name=PARAMETER, WithDecryption=True)["Parameter"]
        return str(json.loads(found["Value"])["refresh_token"])


@pytest.fixture(scope="module")
def s3() -> Iterator[Cloud]:
    with serving() as cloud:
        yield cloud


@pytest.fixture
def demo_server(demo_servers: Callable[..., DemoServer]) -> DemoServer:
    return demo_servers(size=30, playlists=1, playlist_items=5)


@pytest.fixture
def production(clone: Callable[[], Path], runner: dict[str, str], demo_server: DemoServer, s3: Cloud) -> Production:
    s3.clean()
    return Production(clone, runner, demo_server, s3)


def test_each_hour_continues_where_the_last_one_ended_even_if_every_token_is_replaced(
    production: Production, github: GitHub
) -> None:
    production.demo_server.switch(rotation=True)
    printed = ""
    for new in (30, 0):
        before = production.refresh_token
        ran = production.comes(HOUR)
        assert ran.status == "success", ran.printed
        assert ran.outcomes["make build"] == "skipped"
        assert production.record("last_run")["rows_appended"].get("saved_tracks", 0) == new
        assert production.refresh_token != before
        printed += ran.printed
    assert not [secret for secret in (TOKEN, "demo-refresh-") if secret in printed]
    assert github.repository.issues == []


def test_a_missing_bucket_opens_an_issue_that_the_next_good_run_closes(production: Production, github: GitHub) -> None:
    table = {"secrets.LAKE_URL": "s3://nobodys-bucket/lake"}
    ran = production.comes(HOUR | table)
    assert ran.outcomes["make extract"] == "failure"
    # The runner replaces a masked value in all that is printed after this line.
    shown = ran.printed.replace("::add-mask::nobodys-bucket\n", "", 1)
    assert "nobodys-bucket" in shown
    assert ran.printed.index("::add-mask::nobodys-bucket") < ran.printed.index("there is no bucket")
    (issue,) = github.repository.issues
    assert "`make extract` failed" in issue["body"]
    assert "The lake cannot be read" in issue["body"]
    assert "nobodys-bucket" not in issue["body"]
    assert production.comes(HOUR).status == "success"
    assert issue["state"] == "closed"


def test_extract_and_build_by_hand_leave_tested_tables(
    clone: Callable[[], Path],
    runner: dict[str, str],
    demo_server: DemoServer,
    athena: athena_server.Cloud,
    github: GitHub,
) -> None:
    athena.reset()
    athena.make_bucket(BUCKET)
    athena.make_databases()
    production = Production(clone, runner, demo_server, athena)
    ran = production.comes({"inputs.verb": "elt"})
    assert ran.status == "success", ran.printed
    assert production.record("last_build")["tests_failed"] == []
    assert production.record("last_build")["models_built"] > 10
    assert github.repository.issues == []
