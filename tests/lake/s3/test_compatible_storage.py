"""A lake in a storage that speaks the S3 protocol and is not AWS needs one setting: S3_ENDPOINT_URL."""

from pathlib import Path

import pytest

from orchestration import run
from tests.account import Account
from tests.simulators.aws.server import LAKE_URL, Cloud
from tests.simulators.spotify.demo_server import DemoServer

UNREACHABLE = "http://127.0.0.1:9"
# The models below one mart, without their tests.
ARGUMENTS = ("--select", "+fct_top_artists", "--exclude-resource-type", "test")


@pytest.mark.parametrize("region", ["", "auto"])
def test_extract_and_build_use_the_endpoint_of_the_setting(
    cloud: Cloud, demo_server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", UNREACHABLE)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    account = Account(demo_server, tmp_path, LAKE_URL=LAKE_URL, S3_ENDPOINT_URL=cloud.url, AWS_REGION=region)
    settings = account.ready()
    assert run.extract(settings).exit_code == 0
    assert any(name.startswith("lake/spotify/recently_played/") for name in cloud.objects())
    if not region:
        run.register(settings)
        built = run.build(settings, arguments=ARGUMENTS)
        assert (built.exit_code, built.broken) == (0, [])
