"""A daily build on Athena: what it is billed for, more months than Athena writes in one statement, and its messages."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.report import top_artists
from orchestration.warehouses import dbt
from orchestration.warehouses.athena import in_refs
from orchestration.warehouses.dbt import Project
from pipelines.aws.glue import register
from pipelines.aws.session import AwsSession
from tests.bench.prices import Statement
from tests.simulators.athena.cloud import Cloud
from tests.simulators.athena.control import WorkGroup
from tests.simulators.athena.trino import REGION
from tests.simulators.aws.server import exported
from tests.transform.conftest import PROJECT
from tests.transform.lake import RAW_TABLES, Lake, at
from tests.transform.test_history import first_load
from tests.transform.test_known_values import known

BUCKET = "lake-of-a-listener"
MONTHS = [f"{2014 + month // 12}-{month % 12 + 1:02}-15 10:00" for month in range(105)]
MOST_BILLED = 67


@pytest.fixture(scope="module")
def project(athena: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The project after a first build of 105 months of plays, and after two more loads."""
    folder = tmp_path_factory.mktemp("daily")
    athena.reset()
    athena.control.work_groups["spotify-elt"] = WorkGroup("spotify-elt", is_enforced=False)
    athena.make_bucket(BUCKET)
    athena.make_databases()
    lake_url = f"s3://{BUCKET}/lake"
    usual = {"lake_url": lake_url, "aws_region": REGION, "glue_prefix": "spotify", "athena_work_group": "spotify-elt"}
    made = Project("prod", folder / "dbt", usual | {"time_zone": "Europe/Berlin"})
    lake = Lake(folder / "lake")
    lake.load(9, recently_played=[{"played_at": at(time), "track_uri": "spotify:track:a"} for time in MONTHS])
    with exported(athena.environment):
        register(RAW_TABLES, lake_url, "spotify", AwsSession(REGION))
        upload(lake, athena)
        first = dbt.build(made)
        assert (first.failed, first.warned, first.broken) == ((), (), ())
        first_load(lake)
        known(lake, number=11)
        upload(lake, athena)
        yield made


def upload(lake: Lake, athena: Cloud) -> None:
    for file in filter(Path.is_file, lake.folder.rglob("*")):
        athena.client("s3").upload_file(str(file), BUCKET, f"lake/{file.relative_to(lake.folder)}")


def count(project: Project, mart: str) -> int:
    ((rows,),) = dbt.show(project, f"select count(*) as c from {{{{ ref('{mart}') }}}}")
    return int(rows)


def test_more_months_than_athena_writes_in_one_statement_are_complete(project: Project) -> None:
    assert count(project, "fct_plays") == len(MONTHS)


def test_a_daily_build_is_billed_for_few_statements(athena: Cloud, project: Project) -> None:
    before = set(athena.athena.executions)
    built = dbt.build(project)
    dbt.show(project, in_refs(top_artists.QUESTION))  # as the summary does
    assert (built.failed, built.warned, built.broken) == ((), (), ())
    ran = [one for name, one in athena.athena.executions.items() if name not in before]
    billed = [
        one
        for one in ran
        if Statement(one.statement.type, one.statement.subtype, one.state, one.bytes_scanned).is_billed
    ]
    print(f"\n{len(ran)} statements, {len(billed)} billed")
    assert len(billed) <= MOST_BILLED, "\n\n".join(one.query for one in billed)


def test_messages_name_the_column_of_a_broken_contract_and_the_rule_of_a_failed_test(
    project: Project, tmp_path: Path
) -> None:
    """The table with the broken contract stays as it was."""
    ranked = count(project, "top_lists")
    assert ranked
    copied = Path(
        shutil.copytree(PROJECT, tmp_path / "transform", ignore=shutil.ignore_patterns("target", "logs", ".env"))
    )
    with (copied / "models" / "marts" / "core" / "bridge_track_artists.sql").open("a") as bridge:
        bridge.write("union all select 't', 1, 'nobody', 'N', false from (values (1), (2)) as twice")
    model = copied / "models" / "marts" / "listening" / "top_lists.sql"
    text = model.read_text()
    assert text.count("    compared.plays,\n") == 1
    broken = "    cast(compared.plays as varchar) as plays, 1 as mood,\n"
    model.write_text(text.replace("    compared.plays,\n", broken))
    changed = replace(project, work_dir=tmp_path / "dbt", folder=copied)
    assert set(dbt.build(changed, ("--select", "bridge_track_artists")).failed) == {
        "primary key (track_id, place) of marts.bridge_track_artists: 1 row",
        "foreign key track_id of marts.bridge_track_artists: 2 rows",
        "foreign key artist_id of marts.bridge_track_artists: 2 rows",
    }
    assert dbt.build(changed, ("--select", "top_lists")).broken == (
        "spotify_marts.top_lists: the SQL does not match the contract in the yml: "
        "column mood: missing in contract (SQL int, yml none); "
        "column plays: data type mismatch (SQL varchar, yml bigint)",
    )
    assert count(project, "top_lists") == ranked
