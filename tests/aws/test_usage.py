"""What a run asked of AWS and what that costs: every request is counted, whoever sent it, and no other."""

import json
from typing import Any

import boto3
import pytest

from pipelines.aws import usage
from pipelines.lake.store import Lake
from tests.account import Account, new_rows
from tests.simulators.aws.server import LAKE_URL, REGION, Cloud

MB = 2**20


def answer(identity: str, state: str, scanned: int, kind: str) -> dict[str, Any]:
    return {
        "QueryExecution": {
            "QueryExecutionId": identity,
            "StatementType": kind,
            "Status": {"State": state},
            "Statistics": {"DataScannedInBytes": scanned},
        }
    }


def test_requests_of_s3fs_and_boto3_and_dlt_are_counted_as_the_server_counts_them(
    cloud: Cloud, account: Account
) -> None:
    counted = usage.installed()
    assert new_rows(account.load())
    Lake(LAKE_URL).write_json("by_s3fs.json", {})
    boto3.client("ssm").put_parameter(Name="/by/boto3", Value="x", Type="String")
    assert counted.requests == cloud.front.counts
    assert counted.requests["ssm.PutParameter"] == 1
    assert counted.requests["s3.PutObject"] > 25


def test_a_request_that_was_sent_again_counts_again(cloud: Cloud) -> None:
    counted = usage.installed()
    cloud.front.fail("s3.PutObject lake/one.json", 503, "SlowDown", times=2)
    Lake(LAKE_URL).write_json("one.json", {})
    assert counted.requests == cloud.front.counts == {"s3.PutObject": 3}


def test_the_next_run_of_a_process_counts_its_own_requests_alone(cloud: Cloud) -> None:
    lake, first = Lake(LAKE_URL), usage.installed()
    lake.write_json("one.json", {})
    second = usage.installed()
    lake.write_json("two.json", {})
    lake.read_json("two.json")
    assert first.requests == {"s3.PutObject": 1}
    assert second.requests == {"s3.PutObject": 1, "s3.GetObject": 1}
    assert second is usage.current()


@pytest.mark.parametrize(
    ("requests", "dollars"),
    [
        ({"s3.PutObject": 1000}, 0.005),
        ({"s3.ListObjectsV2": 1000, "s3.CopyObject": 1000}, 0.010),
        ({"s3.GetObject": 1000, "s3.HeadObject": 1000}, 0.0008),
        ({"s3.DeleteObject": 1000, "s3.AbortMultipartUpload": 1000}, 0.0),
        ({"s3.DeleteObjects": 1000}, 0.005),
        ({"s3.CreateMultipartUpload": 10, "s3.UploadPart": 980, "s3.CompleteMultipartUpload": 10}, 0.005),
        ({"glue.GetTable": 1000, "ssm.GetParameter": 1000, "sts.AssumeRoleWithWebIdentity": 1}, 0.0),
    ],
)
def test_each_kind_of_request_has_its_list_price(requests: dict[str, int], dollars: float) -> None:
    counted = usage.Meter()
    counted.requests.update(requests)
    assert counted.dollars() == pytest.approx(dollars, abs=1e-12)


def test_a_statement_is_billed_for_10_megabytes_at_least_unless_it_failed_or_reads_nothing(cloud: Cloud) -> None:
    counted = usage.installed()
    client: Any = boto3.client("athena", REGION)
    for identity, state, scanned, kind in (
        ("small", "RUNNING", 0, "DML"),
        ("small", "SUCCEEDED", 3 * MB, "DML"),
        ("large", "SUCCEEDED", 50 * MB, "DML"),
        ("stopped", "CANCELLED", 20 * MB, "DML"),
        ("failed", "FAILED", 90 * MB, "DML"),
        ("create", "SUCCEEDED", 0, "DDL"),
    ):
        body = json.dumps(answer(identity, state, scanned, kind))
        cloud.front.fail("athena.GetQueryExecution", 200, "", body=body, times=1)
        client.get_query_execution(QueryExecutionId=identity)
    client.close()
    record = counted.as_record()
    assert record["requests"] == {"athena.GetQueryExecution": 6}
    assert (record["statements"], record["statements_billed"]) == (5, 3)
    assert record["bytes_scanned"] == 163 * MB
    assert counted.dollars() == pytest.approx(80 * MB * 5 / 10**12)
