"""The permissions that an AWS call needs."""

from typing import Any

import pytest

from tests.terraform.calls import GLUE, UnknownCall, permissions

BUCKET = "arn:aws:s3:::BUCKET"
ATHENA_ARN = "arn:aws:athena:eu-central-1:123456789012"
ATHENA = f"{ATHENA_ARN}:workgroup"


def at(key: str) -> dict[str, str]:
    return {"Bucket": "any", "Key": key}


@pytest.mark.parametrize(
    ("call", "parameters", "expected"),
    [
        ("s3.ListObjectsV2", {"Bucket": "any", "Prefix": "lake/"}, {("s3:ListBucket", BUCKET)}),
        ("s3.HeadBucket", {"Bucket": "any"}, {("s3:ListBucket", BUCKET)}),
        ("s3.HeadObject", at("lake/.lock"), {("s3:GetObject", f"{BUCKET}/lake/.lock")}),
        (
            "s3.PutObject",
            at("lake/.lock") | {"IfMatch": "etag"},
            {("s3:PutObject", f"{BUCKET}/lake/.lock"), ("s3:GetObject", f"{BUCKET}/lake/.lock")},
        ),
        ("s3.UploadPart", at("lake/spotify/me/1.parquet"), {("s3:PutObject", f"{BUCKET}/lake/spotify/*")}),
        ("s3.PutObject", at("lake/another_source/x/1.parquet"), {("s3:PutObject", f"{BUCKET}/lake/another_source/*")}),
        ("s3.ListParts", at("tables/x/y"), {("s3:ListMultipartUploadParts", f"{BUCKET}/tables/*")}),
        (
            "s3.DeleteObjects",
            {"Bucket": "any", "Delete": {"Objects": [{"Key": "tables/a"}, {"Key": "lake/last_run.json"}]}},
            {("s3:DeleteObject", f"{BUCKET}/tables/*"), ("s3:DeleteObject", f"{BUCKET}/lake/last_run.json")},
        ),
        (
            "s3.CopyObject",
            at("tables/b") | {"CopySource": "any/lake/lake.json"},
            {("s3:GetObject", f"{BUCKET}/lake/lake.json"), ("s3:PutObject", f"{BUCKET}/tables/*")},
        ),
        ("glue.GetDatabases", {}, {("glue:GetDatabases", f"{GLUE}:catalog")}),
        (
            "glue.CreateDatabase",
            {"DatabaseInput": {"Name": "x"}},
            {("glue:CreateDatabase", f"{GLUE}:catalog"), ("glue:CreateDatabase", f"{GLUE}:database/x")},
        ),
        (
            "glue.CreateTable",
            {"DatabaseName": "x", "TableInput": {"Name": "y"}},
            {("glue:CreateTable", f"{GLUE}:{resource}") for resource in ("catalog", "database/x", "table/x/*")},
        ),
        ("athena.StartQueryExecution", {"WorkGroup": "w"}, {("athena:StartQueryExecution", f"{ATHENA}/w")}),
        ("athena.GetQueryResults", {"QueryExecutionId": "1"}, {("athena:GetQueryResults", f"{ATHENA}/last")}),
        ("athena.GetDataCatalog", {"Name": "x"}, {("athena:GetDataCatalog", f"{ATHENA_ARN}:datacatalog/x")}),
        ("glue.GetCatalogs", {}, {("glue:GetCatalogs", f"{GLUE}:catalog")}),
        (
            "ssm.GetParameter",
            {"Name": "/a/b"},
            {("ssm:GetParameter", "arn:aws:ssm:eu-central-1:123456789012:parameter/a/b")},
        ),
        ("sts.GetCallerIdentity", {}, set()),
    ],
)
def test_a_call_needs_these_permissions(call: str, parameters: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    service, operation = call.split(".")
    assert permissions(service, operation, parameters, work_group="last") == expected


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("s3.PutBucketPolicy", {"Bucket": "any"}),
        ("s3.PutObject", at("lake/x") | {"ACL": "public-read"}),
        ("s3.GetObject", at("lake/x") | {"VersionId": "1"}),
        ("glue.StartCrawler", {"Name": "x"}),
        ("athena.CreateWorkGroup", {"Name": "x"}),
        ("ssm.GetParametersByPath", {"Path": "/"}),
        ("sts.AssumeRole", {}),
        ("kms.Decrypt", {}),
    ],
)
def test_a_call_with_unknown_permissions_is_an_error(call: str, parameters: dict[str, Any]) -> None:
    service, operation = call.split(".")
    with pytest.raises(UnknownCall):
        permissions(service, operation, parameters, work_group="last")
