"""A refusal of AWS that dbt passes on as text, with words of dbt and Athena around it."""

import pytest

from orchestration.exit_codes import Exit, exit_of
from orchestration.warehouses import dbt_messages
from pipelines.aws.errors import SCAN_LIMIT, refusal

CATALOG = "arn:aws:glue:eu-central-1:123456789012:catalog"
HIVE = (
    "Database Error in model dim_albums (models/marts/dim_albums.sql) FAILED: Execution Error, return code 1 from "
    "org.apache.hadoop.hive.ql.exec.DDLTask. MetaException(message:User: arn:aws:sts::123456789012:assumed-role/"
    "spotify-elt/GitHubActions is not authorized to perform: glue:CreateDatabase on resource: "
    f"{CATALOG} because no identity-based policy allows the glue:CreateDatabase action (Service: AWSGlue))"
)
LONG = "x" * 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HIVE, f"AWS denies glue:CreateDatabase: {CATALOG}; the role needs"),
        (f"{LONG} is not authorized to perform: lakeformation:GetDataAccess", "AWS denies lakeformation:GetDataAccess"),
        (f"{LONG} {SCAN_LIMIT}", "a query would read more than the work group allows"),
        (
            f"{LONG} An error occurred (AccessDeniedException) when calling the GetTable operation: no",
            "AWS denies GetTable: no",
        ),
    ],
    ids=["hive ddl", "lake formation", "scan limit", "an error of botocore"],
)
def test_a_refusal_in_a_long_text_is_not_cut_and_names_what_is_missing(text: str, expected: str) -> None:
    shown = dbt_messages.one_line(f"{text}\n  and more")
    refused = refusal(shown, "s3://bucket/lake", "eu-central-1")
    assert refused is not None
    assert exit_of(refused) == Exit.AWS_REFUSED
    assert str(refused).startswith(expected)


def test_a_long_text_without_a_refusal_is_cut() -> None:
    assert len(dbt_messages.one_line("Syntax error " * 100)) == 300
