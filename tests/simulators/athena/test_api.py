"""Athena's operations, called with boto3."""

import pytest
from botocore.exceptions import ClientError

from tests.simulators.athena.conftest import Person

ENDLESS = (
    "select count(*) from unnest(sequence(1, 10000)) as a (n), unnest(sequence(1, 10000)) as b (n), "
    "unnest(sequence(1, 10000)) as c (n) where a.n * b.n % 7 = c.n"
)


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_a_query_is_started_waited_for_and_read(person: Person) -> None:
    execution = person.done("select 1 as a, 'x' as b")
    assert execution["StatementType"] == "DML"
    assert execution["SubstatementType"] == "SELECT"
    assert execution["WorkGroup"] == "primary"
    assert (
        execution["ResultConfiguration"]["OutputLocation"] == f"s3://bucket/results/{execution['QueryExecutionId']}.csv"
    )
    assert execution["Status"]["CompletionDateTime"] >= execution["Status"]["SubmissionDateTime"]
    [page] = person.pages(execution)
    names, row = page["ResultSet"]["Rows"]
    assert names == {"Data": [{"VarCharValue": "a"}, {"VarCharValue": "b"}]}
    assert row == {"Data": [{"VarCharValue": "1"}, {"VarCharValue": "x"}]}


def test_a_page_has_a_thousand_rows_and_the_names_are_the_first(person: Person) -> None:
    execution = person.done("select n from unnest(sequence(1, 2500)) as t (n) order by n")
    pages = [page["ResultSet"]["Rows"] for page in person.pages(execution)]
    assert [len(page) for page in pages] == [1000, 1000, 501]
    values = [row["Data"][0]["VarCharValue"] for page in pages for row in page]
    assert values == ["n", *map(str, range(1, 2501))]


def test_the_size_of_a_page_can_be_chosen(person: Person) -> None:
    execution = person.done("select n from unnest(sequence(1, 5)) as t (n) order by n")
    pages = person.pages(execution, PaginationConfig={"PageSize": 2})
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [2, 2, 2]
    with pytest.raises(ClientError, match="MaxResults"):
        person.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"], MaxResults=1001)


def test_a_result_without_rows_is_one_page_with_the_names(person: Person) -> None:
    [page] = person.pages(person.done("select 1 as a where false"))
    assert page["ResultSet"]["Rows"] == [{"Data": [{"VarCharValue": "a"}]}]


def test_a_failed_query_says_why_in_the_engines_words(person: Person) -> None:
    execution = person.run("select no_such_column from (values 1) as t (a)")
    assert execution["Status"]["State"] == "FAILED"
    assert execution["Status"]["StateChangeReason"].startswith("COLUMN_NOT_FOUND: line 1:8: Column 'no_such_column'")
    assert execution["Status"]["AthenaError"]["ErrorCategory"] == 2
    with pytest.raises(ClientError, match="Final query state: FAILED"):
        person.pages(execution)


def test_trinos_strict_types_are_kept(person: Person) -> None:
    assert person.reason("select date '2026-01-01' >= '2026-01-01'").startswith("TYPE_MISMATCH")


def test_a_stopped_query_ends_cancelled(person: Person) -> None:
    started = person.start(ENDLESS)
    with pytest.raises(ClientError, match="not yet finished"):
        person.athena.get_query_results(QueryExecutionId=started)
    person.athena.stop_query_execution(QueryExecutionId=started)
    assert person.ended(started)["Status"]["State"] == "CANCELLED"


def test_the_same_token_twice_is_one_query(person: Person) -> None:
    token = "t" * 32
    assert person.start("select 1", ClientRequestToken=token) == person.start("select 1", ClientRequestToken=token)
    with pytest.raises(ClientError, match="Idempotent parameters do not match"):
        person.start("select 2", ClientRequestToken=token)


@pytest.mark.parametrize(
    "sql",
    ["grant select on t to role r", "vacuum t", "delete from t", "update t set a = 1", "begin transaction", "", "?"],
)
def test_a_statement_of_an_unknown_kind_is_refused_at_once(person: Person, sql: str) -> None:
    with pytest.raises(ClientError, match="Queries of this type are not supported") as error:
        person.start(sql or " ")
    assert code(error) == "InvalidRequestException"


def test_an_unknown_operation_is_refused(person: Person) -> None:
    with pytest.raises(ClientError, match="ListNamedQueries") as error:
        person.athena.list_named_queries()
    assert code(error) == "UnknownOperationException"


def test_an_error_names_what_does_not_exist(person: Person) -> None:
    with pytest.raises(ClientError, match="WorkGroup nobody is not found"):
        person.start("select 1", WorkGroup="nobody")
    with pytest.raises(ClientError, match="QueryExecution no-such-id was not found"):
        person.execution("no-such-id")
    with pytest.raises(ClientError, match="No output location provided"):
        person.start("select 1", ResultConfiguration={})


def test_the_catalogue_is_found_by_its_name_only(person: Person) -> None:
    assert person.athena.get_data_catalog(Name="awsdatacatalog")["DataCatalog"]["Type"] == "GLUE"
    with pytest.raises(ClientError, match="not found"):
        person.athena.get_data_catalog(Name="other")


def test_a_workgroup_can_enforce_the_location_of_results(person: Person) -> None:
    group = person.control.work_groups["primary"]
    group.output_location, group.is_enforced = "s3://bucket/enforced/", True
    execution = person.done("select 1")
    assert execution["ResultConfiguration"]["OutputLocation"].startswith("s3://bucket/enforced/")
    with pytest.raises(ClientError, match="enforces a centralized output location"):
        person.start("create table t with (external_location = 's3://bucket/t/') as select 1 as a")


def test_ssm_and_sts_answer(person: Person) -> None:
    ssm = person.cloud.client("ssm")
    ssm.put_parameter(Name="/a/token", Value="secret", Type="SecureString")
    assert ssm.get_parameter(Name="/a/token", WithDecryption=True)["Parameter"]["Value"] == "secret"
    assert person.cloud.client("sts").get_caller_identity()["Account"] == "123456789012"
