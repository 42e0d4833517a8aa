"""One SQL for DuckDB and Athena, which is Trino. SQL that one of them refuses or understands differently is banned."""

import re
import warnings
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import Project
from tests.transform.conftest import PROJECT

SQL = sorted((PROJECT / "models").rglob("*.sql"))

BANNED = {
    r"\bqualify\b": "Trino has no qualify; number the rows in a step and filter the next",
    r"::": "Trino has no ::; write cast(x as type)",
    r"\bselect\s+(\w+\.)?\*\s+(exclude|replace|rename)\b": "Trino has no select * exclude",
    r"\b(group|order) by all\b": "Trino has no `by all`; name the columns",
    r"\bunion all by name\b": "Trino has no `by name`; list the columns in the same order",
    r"\bilike\b": "Trino has no ilike; use lower() on both sides",
    r"\b(un)?pivot\b": "Trino has no pivot; use case and an aggregate",
    r"\b(semi|anti|asof|positional) join\b": "Trino reads this word as an alias and runs another query; use exists",
    r"(?<!:)//": "Trino has no operator for integer division",
    r"->": "JSON arrows and lambdas differ; the loader should flatten the value",
    r"\[\s*\d|\{\s*'": "list and struct literals differ",
    r"\bmd5\(": "md5 takes text on DuckDB, bytes on Trino; use surrogate_key",
    r"\b(string_agg|group_concat|list|listagg|array_join)\(": "no common name; use dbt.listagg",
    r"\bconcat\(": "concat skips a null on DuckDB only; use ||",
    r"\b(greatest|least)\(": "greatest and least skip a null on DuckDB only; use case",
    r"\bregexp_replace\(": "regexp_replace replaces the first match on DuckDB, all matches on Trino",
    r"\bregexp_(extract|matches|like)\(": "the engines have other names and other results without a match",
    r"(?<!nullif\()\bsplit_part\(": "past the end '' on DuckDB, null on Trino; write nullif(…, '')",
    r"\b(arg_min|arg_max|min_by|max_by)\(": "DuckDB skips rows whose value is null, Trino does not; use a join",
    r"\b(median|quantile\w*|percentile\w*|approx_\w+)\(": "the engines have other names and other results",
    r"\bdate_diff\('(second|minute|hour|week|month|quarter|year)'": "DuckDB counts boundaries, Trino elapsed units",
    r"\b(strftime|date_format|to_char|epoch\w*|last_day|date_add|date_sub|make_\w+)\(": "one engine only",
    r"\bdate_trunc\(": "only DuckDB returns a timestamp for a date; cast the result",
    r"\b(dayofweek|day_of_week|isodow|dow|weekday|dayname|monthname)\(": "only one engine has this function; "
    "date_diff('day', date '1900-01-01', x) % 7 + 1 is 1 on Monday",
    r"\bextract\(\s*(dow|isodow|dayofweek|epoch)": "Sunday is 0 on DuckDB, 7 on Trino",
    r"\bcurrent_(date|timestamp)\b|\bnow\(": "marts must not depend on the time of the build",
    r"\b(?<!cast\()sum\(": "DuckDB's sum is a HUGEINT, which is a double in Parquet; write cast(sum(x) as bigint)",
    r"\bat time zone\b": "the result for a naive time differs; use local_time",
    r"\btimestamp '[^'.]*'": "a CTAS on Trino refuses timestamp(0); write '… .000'",
    r"(>=|<=|>|<|=)\s*'\d{4}-\d\d": "Trino does not compare a date with text; write date '…'",
    r"\bignore nulls\b": "the engines expect these words in different places",
    r",\s*(from|\))": "Trino allows no trailing comma",
    r"\bunnest\(": "unnest differs; use a child table",
    r"\b(float|real|hugeint|numeric|string|text|timestamptz|uinteger|ubigint)\b(?=\s*\))": "one engine only",
}
SAMPLES = {
    "select a, b from t qualify row_number() over () = 1",
    "select x::date from t",
    "select * exclude (a) from t",
    "select a, count(*) from t group by all",
    "select 1 from a anti join b using (x)",
    "select sum(x) from t",
    "select split_part(x, ':', 3) from t",
    "select max_by(x, y) from t",
    "select date_diff('hour', a, b) from t",
    "select x from t where d >= '2026-01-01'",
    "select timestamp '2026-01-01 00:00:00'",
    "select concat(a, b), greatest(a, b) from t",
    "select a, from t",
    "select dayofweek(x) from t",
    "select cast(x as text) from t",
}


def complaints(sql: str) -> list[str]:
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|--[^\n]*", " ", sql.lower(), flags=re.DOTALL)
    bare = re.sub(r"\{\{.*?\}\}", "macro", bare, flags=re.DOTALL)
    found = [(re.search(pattern, bare), reason) for pattern, reason in BANNED.items()]
    return [f"{match.group().strip()}: {reason}" for match, reason in found if match]


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.stem)
def test_models_use_only_sql_with_one_meaning_on_both_engines(path: Path) -> None:
    assert complaints(path.read_text()) == []


@pytest.mark.parametrize("sql", sorted(SAMPLES))
def test_the_ban_finds_forbidden_sql(sql: str) -> None:
    assert complaints(sql)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQL of every model for Athena in a second build. An incremental model requests its table from Glue."""
    work = tmp_path_factory.mktemp("athena")
    plays = yaml.safe_load((PROJECT / "models" / "marts" / "core" / "fct_plays.yml").read_text())["models"][0]
    types = [one["data_type"].replace("varchar", "string") for one in plays["columns"]]
    types[types.index("string")] = "varchar(7)"  # as Athena keeps a literal
    columns = [{"Name": one["name"], "Type": kind} for one, kind in zip(plays["columns"], types, strict=True)]
    with mock_aws(), warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        glue: Any = boto3.client("glue", region_name="eu-central-1")
        glue.create_database(DatabaseInput={"Name": "spotify_marts"})
        table = {"Name": "fct_plays", "TableType": "EXTERNAL_TABLE", "PartitionKeys": columns[-1:]}
        glue.create_table(
            DatabaseName="spotify_marts", TableInput=table | {"StorageDescriptor": {"Columns": columns[:-1]}}
        )
        warnings.simplefilter("ignore")  # the adapter's macros hold an escape that newer Pythons complain of
        project = Project("prod", work, {"lake_url": "s3://bucket/lake", "aws_region": "eu-central-1"})
        outcome = dbt.invoke(project, "compile", "--no-populate-cache")
    assert outcome.success, outcome.exception
    return work / "target" / "compiled" / "spotify_elt"


@pytest.mark.slow
def test_the_sql_for_athena_follows_the_grammar_of_athena(compiled: Path) -> None:
    from sqlfluff.core import FluffConfig, Linter

    linter = Linter(config=FluffConfig(overrides={"dialect": "athena", "templater": "raw"}))
    files = sorted((compiled / "models").rglob("*.sql"))
    assert len(files) >= len(SQL)
    unread = {file.stem: linter.parse_string(file.read_text()).violations for file in files}
    assert {name: violations for name, violations in unread.items() if violations} == {}
    assert (
        'except all select * from "awsdatacatalog"."spotify_marts"."fct_plays"'
        in (compiled / "models" / "marts" / "core" / "fct_plays.sql").read_text()
    )
