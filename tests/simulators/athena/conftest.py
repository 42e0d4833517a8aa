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
    """Statements run in the database `d`. Results are for `s3://bucket/results/`.

    The account also has the database `default`. Without it Athena refuses Hive DDL.
    """

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

    def execution(self, query_id: str) -> Json:
        execution: Json = self.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        return execution

    def ended(self, query_id: str) -> Json:
        while (execution := self.execution(query_id))["Status"]["State"] not in OVER:
            time.sleep(0.02)
        return execution

    def run(self, sql: str, **asked: Any) -> Json:
        """Run a statement. Returns its execution, even if it failed."""
        return self.ended(self.start(sql, **asked))

    def done(self, sql: str, **asked: Any) -> Json:
        execution = self.run(sql, **asked)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return execution

    def pages(self, execution: Json, **asked: Any) -> list[Json]:
        pages = self.athena.get_paginator("get_query_results").paginate(
            QueryExecutionId=execution["QueryExecutionId"], **asked
        )
        return list(pages)

    def rows(self, sql: str) -> list[list[str | None]]:
        """The rows of a select, without the names of the columns."""
        found = [row for page in self.pages(self.done(sql)) for row in page["ResultSet"]["Rows"]]
        return [[datum.get("VarCharValue") for datum in row["Data"]] for row in found[1:]]

    def reason(self, sql: str) -> str:
        """Why a statement failed."""
        execution = self.run(sql)
        assert execution["Status"]["State"] == "FAILED", execution["Status"]
        return str(execution["Status"]["StateChangeReason"])

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    def table(self, name: str) -> Json:
        found: Json = self.glue.get_table(DatabaseName="d", Name=name)["Table"]
        return found


@pytest.fixture
def person(athena: Cloud) -> Person:
    athena.reset()
    athena.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    for name in ("d", "default"):
        athena.client("glue").create_database(DatabaseInput={"Name": name})
    return Person(athena)
