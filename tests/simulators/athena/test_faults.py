"""Faults that a test can set, and the log of requests."""

import time

import pytest
from botocore.exceptions import ClientError

from tests.simulators.athena.conftest import Person

MADE = "create table t with (external_location = 's3://bucket/t/') as select n from unnest(sequence(1, 100)) as s (n)"


def keys(person: Person, prefix: str) -> list[str]:
    return [one["Key"] for one in person.s3.list_objects_v2(Bucket="bucket", Prefix=prefix).get("Contents", [])]


def test_a_query_over_the_workgroups_limit_is_cancelled(person: Person) -> None:
    person.done(MADE)
    person.control.work_groups["spotify-elt"].bytes_scanned_cutoff = 10
    settings = person.athena.get_work_group(WorkGroup="spotify-elt")["WorkGroup"]["Configuration"]
    assert settings["BytesScannedCutoffPerQuery"] == 10
    execution = person.run("select * from t", WorkGroup="spotify-elt")
    assert execution["Status"]["State"] == "CANCELLED"
    assert execution["Status"]["StateChangeReason"] == "Bytes scanned limit was exceeded"
    assert execution["Statistics"]["DataScannedInBytes"] > 10
    person.done("select 1", WorkGroup="spotify-elt")
    person.done("select * from t", WorkGroup="primary")


def test_a_ctas_over_the_limit_leaves_no_table(person: Person) -> None:
    person.done(MADE)
    person.control.work_groups["primary"].bytes_scanned_cutoff = 10
    execution = person.run("create table u with (external_location = 's3://bucket/u/') as select * from t")
    assert execution["Status"]["State"] == "CANCELLED"
    with pytest.raises(ClientError, match="not found"):
        person.table("u")


def test_the_next_calls_are_throttled_and_later_ones_pass(person: Person) -> None:
    person.control.throttle("athena.StartQueryExecution", times=2)
    for _ in range(2):
        with pytest.raises(ClientError) as error:
            person.start("select 1")
        assert error.value.response["Error"]["Code"] == "TooManyRequestsException"
    person.done("select 1")


def test_a_denied_operation_is_denied(person: Person) -> None:
    person.control.deny("glue.GetTables")
    with pytest.raises(ClientError, match=r"not authorized to perform: glue:GetTables") as error:
        person.glue.get_tables(DatabaseName="d")
    assert error.value.response["Error"]["Code"] == "AccessDeniedException"


def test_a_query_that_may_not_read_the_catalogue_fails(person: Person) -> None:
    person.done(MADE)
    person.control.deny("glue.GetTable")
    assert "not authorized to perform: glue:GetTable" in person.reason("select * from t")


def test_a_statement_that_fails_half_way_leaves_files_and_no_table(person: Person) -> None:
    person.control.fail_half_way("create table t")
    execution = person.run(MADE)
    assert execution["Status"]["State"] == "FAILED"
    assert execution["Status"]["AthenaError"]["Retryable"]
    assert keys(person, "t/")
    with pytest.raises(ClientError, match="not found"):
        person.table("t")
    assert person.reason(MADE).startswith("HIVE_PATH_ALREADY_EXISTS")


def test_the_log_has_each_call_and_its_caller(person: Person) -> None:
    person.done(MADE, WorkGroup="spotify-elt")
    started = [one for one in person.control.requests if one.operation == "athena.StartQueryExecution"]
    assert [one.parameters["WorkGroup"] for one in started] == ["spotify-elt"]
    created = [one for one in person.control.requests if one.operation == "glue.CreateTable"]
    assert [(one.caller, one.parameters["DatabaseName"], one.parameters["TableInput"]["Name"]) for one in created] == [
        ("athena-itself", "d", "t")
    ]
    assert person.cloud.calls(by_trino=False)["athena.StartQueryExecution"] == 1
    assert "glue.CreateTable" not in person.cloud.calls(by_trino=False)


def test_s3_requests_of_trino_are_listed_apart_from_others(person: Person) -> None:
    person.done(MADE)
    keys(person, "mine/")
    assert [one for one in person.cloud.s3_requests(by_trino=True) if one.startswith("PUT /bucket/t/")]
    assert not [one for one in person.cloud.s3_requests(by_trino=True) if "mine" in one]
    assert [one for one in person.cloud.s3_requests(by_trino=False) if "prefix=mine" in one]


def test_a_reset_removes_everything(person: Person) -> None:
    person.control.deny("athena.GetWorkGroup")
    person.control.work_groups["primary"].bytes_scanned_cutoff = 1
    person.done("select 1")
    person.cloud.reset()
    assert person.cloud.athena.executions == {}
    settings = person.athena.get_work_group(WorkGroup="primary")["WorkGroup"]["Configuration"]
    assert "BytesScannedCutoffPerQuery" not in settings
    assert person.glue.get_databases()["DatabaseList"] == []
    assert person.s3.list_buckets()["Buckets"] == []


def test_no_file_of_a_failed_statement_comes_after_a_reset(person: Person) -> None:
    # 101 partitions are one too many. 100 writers are open when the statement fails.
    many = "select n, rpad('', 100000, 'x') as s, cast(n as varchar) as m from unnest(sequence(1, 101)) as s (n)"
    made = "create table t with (external_location = 's3://bucket/t/', partitioned_by = array['m']) as "
    assert person.reason(made + many).startswith("HIVE_TOO_MANY_OPEN_PARTITIONS")
    person.cloud.reset()
    time.sleep(0.5)
    assert person.cloud.s3_requests(by_trino=True) == []
