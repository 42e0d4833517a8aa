"""Connections of one run: every request of every library is counted, and other runs are not affected."""

import os
from typing import Any

import boto3
import pytest

from pipelines.aws.session import AwsSession
from pipelines.lake.store import Lake
from pipelines.load import load
from tests.account import Account, new_rows
from tests.simulators.aws.server import LAKE_URL, REGION, Cloud


def test_requests_of_s3fs_and_boto3_and_dlt_are_counted_as_the_server_counts_them(
    cloud: Cloud, account: Account
) -> None:
    lake = Lake(LAKE_URL, REGION)
    assert new_rows(load(account.ready(), lake=lake))
    lake.write_json("by_s3fs.json", {})
    lake.aws.client("ssm").put_parameter(Name="/by/boto3", Value="x", Type="String")
    assert lake.aws.requests == cloud.front.counts
    assert lake.aws.requests["ssm.PutParameter"] == 1
    assert lake.aws.requests["s3.PutObject"] > 25


def test_a_repeated_request_counts_again(cloud: Cloud, lake: Lake) -> None:
    cloud.front.fail("s3.PutObject lake/one.json", 503, "SlowDown", times=2)
    lake.write_json("one.json", {})
    assert lake.aws.requests == cloud.front.counts == {"s3.PutObject": 3}


def test_each_of_two_runs_in_one_process_counts_only_its_own_requests(cloud: Cloud) -> None:
    first, second = Lake(LAKE_URL, REGION), Lake(LAKE_URL, REGION)
    first.write_json("one.json", {})
    second.write_json("two.json", {})
    second.read_json("two.json")
    boto3.client("ssm").put_parameter(Name="/of/others", Value="x", Type="String")
    assert first.aws.requests == {"s3.PutObject": 1}
    assert second.aws.requests == {"s3.PutObject": 1, "s3.GetObject": 1}


def test_a_guard_blocks_writes_and_lets_reads_pass(cloud: Cloud, lake: Lake) -> None:
    def refuse(url: str) -> None:
        raise ValueError(url)

    lake.write_json("one.json", {})
    lake.aws.guards.append(refuse)
    before = dict(cloud.front.counts)
    with pytest.raises(ValueError, match=r"lake/two\.json"):
        lake.write_json("two.json", {})
    with pytest.raises(ValueError, match="127"):
        lake.aws.client("ssm").put_parameter(Name="/a", Value="x", Type="String")
    assert cloud.front.counts == before
    assert lake.read_json("one.json") == {}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ("standard", 8)),
        ({"AWS_RETRY_MODE": "adaptive", "AWS_MAX_ATTEMPTS": "2"}, ("adaptive", 2)),
    ],
)
def test_the_environment_can_change_our_number_of_attempts(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: tuple[str, int]
) -> None:
    for name in ("AWS_RETRY_MODE", "AWS_MAX_ATTEMPTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    aws = AwsSession(REGION)
    retries: Any = aws.client("ssm").meta.config.retries
    assert (retries["mode"], retries["total_max_attempts"]) == expected
    assert aws.s3fs_options["config_kwargs"]["retries"] == {"mode": expected[0], "total_max_attempts": expected[1]}


def test_closed_connections_are_not_kept_by_fsspec(cloud: Cloud, lake: Lake) -> None:
    from s3fs import S3FileSystem

    lake.write_json("one.json", {})
    assert lake.fs in S3FileSystem._cache.values()
    lake.close()
    assert lake.fs not in S3FileSystem._cache.values()


def test_a_load_does_not_change_the_environment_and_two_loads_do_not_mix(
    cloud: Cloud, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process loads two lakes in turn. Each lake is in a bucket of another region."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    before = dict(os.environ)
    regions: list[set[str]] = []
    for region, url in (("eu-central-1", LAKE_URL), ("us-west-2", f"{LAKE_URL}2"), ("eu-central-1", LAKE_URL)):
        lake = Lake(url, region)
        changes = {"lake_url": url, "region": region}
        load(account.ready(**changes), lake=lake)
        regions.append({lake.fs._s3.meta.region_name})
        assert dict(os.environ) == before
        lake.close()
    assert regions == [{"eu-central-1"}, {"us-west-2"}, {"eu-central-1"}]
    folders = {key.split("/")[0] for key in cloud.objects() if key.endswith(".parquet")}
    assert folders == {"lake", "lake2"}
