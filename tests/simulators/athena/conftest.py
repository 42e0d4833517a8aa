"""An account with one bucket and one database, and helpers that run SQL on Athena."""

import time
from typing import Any

import pytest

from tests.simulators.athena.cloud import Cloud
from tests.simulators.athena.trino import REGION

Json = dict[str, Any]
OVER = ("SUCCEEDED", "FAILED", "CANCELLED")
BUCKET = "bucket"


class Person:
    """Statements run in the database `d`. Results are for `s3://bucket/results/`."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.control = cloud.control
        self.athena, self.glue, self.s3 = (cloud.client(service) for service in ("athena", "glue", "s3"))

    def start(self, sql: str, **asked: Any) -> str:
        usual = {
            "QueryExecutionContext": {"Catalog": "awsdatacatalog", "Database": "d"},
            "ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/results/"},
        }
        return str(self.athena.start_query_execution(QueryString=sql, **usual | asked)["QueryExecutionId"])

    def told(self, query_id: str) -> Json:
        told: Json = self.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        return told

    def ended(self, query_id: str) -> Json:
        while (told := self.told(query_id))["Status"]["State"] not in OVER:
            time.sleep(0.02)
        return told

    def run(self, sql: str, **asked: Any) -> Json:
        """Run a statement. Gives its execution, also when it failed."""
        return self.ended(self.start(sql, **asked))

    def done(self, sql: str, **asked: Any) -> Json:
        told = self.run(sql, **asked)
        assert told["Status"]["State"] == "SUCCEEDED", told["Status"]
        return told

    def pages(self, told: Json, **asked: Any) -> list[Json]:
        pages = self.athena.get_paginator("get_query_results").paginate(
            QueryExecutionId=told["QueryExecutionId"], **asked
        )
        return list(pages)

    def rows(self, sql: str) -> list[list[str | None]]:
        """The rows of a select, without the names of the columns."""
        found = [row for page in self.pages(self.done(sql)) for row in page["ResultSet"]["Rows"]]
        return [[datum.get("VarCharValue") for datum in row["Data"]] for row in found[1:]]

    def reason(self, sql: str) -> str:
        """Why a statement failed."""
        told = self.run(sql)
        assert told["Status"]["State"] == "FAILED", told["Status"]
        return str(told["Status"]["StateChangeReason"])

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    def table(self, name: str) -> Json:
        found: Json = self.glue.get_table(DatabaseName="d", Name=name)["Table"]
        return found


@pytest.fixture
def person(athena: Cloud) -> Person:
    athena.reset()
    athena.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    athena.client("glue").create_database(DatabaseInput={"Name": "d"})
    return Person(athena)
