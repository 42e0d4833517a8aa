"""The same months, written by the real dbt-athena on Trino: replaced, dropped, repaired or not written."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import Project
from pipelines.aws.glue import register
from pipelines.aws.session import AwsSession
from tests.simulators.athena.cloud import Cloud
from tests.simulators.athena.control import WorkGroup
from tests.simulators.athena.trino import REGION
from tests.simulators.aws.server import exported
from tests.transform.lake import RAW_TABLES, Lake, track
from tests.transform.second_mart import copy_with_second_mart
from tests.transform.test_touched_months import play

BUCKET, DATABASE = "lake-of-a-listener", "spotify_marts"
VARIABLES = {
    "lake_url": f"s3://{BUCKET}/lake",
    "time_zone": "Europe/Berlin",
    "aws_region": REGION,
    "glue_prefix": "spotify",
    "athena_work_group": "spotify-elt",
}


class Plays:
    """The partitioned marts in Glue; `files()` are the keys of each partition's Parquet."""

    def __init__(self, cloud: Cloud, lake: Lake, folder: Path) -> None:
        self.s3, self.glue, self.athena = (cloud.client(name) for name in ("s3", "glue", "athena"))
        self.lake = lake
        self.project = Project("prod", folder / "dbt", VARIABLES, copy_with_second_mart(folder))

    def run(self, *options: str) -> None:
        for file in filter(Path.is_file, self.lake.folder.rglob("*")):
            self.s3.upload_file(str(file), BUCKET, f"lake/{file.relative_to(self.lake.folder)}")
        marts = ("+fct_plays", "+fct_play_days")
        outcome = dbt.invoke(self.project, "run", "--select", *marts, "--no-write-json", *options)
        assert outcome.success, [one.message for one in getattr(outcome.result, "results", ())]

    def rows(self, table: str) -> list[tuple[str | None, ...]]:
        query = self.athena.start_query_execution(
            QueryString=f"select * from {DATABASE}.{table}",
            QueryExecutionContext={"Catalog": "awsdatacatalog", "Database": DATABASE},
            ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/athena-results/"},
        )["QueryExecutionId"]
        while (state := self.state(query)) in ("QUEUED", "RUNNING"):
            time.sleep(0.1)
        assert state == "SUCCEEDED"
        found = self.athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"][1:]
        return sorted((tuple(cell.get("VarCharValue") for cell in row["Data"]) for row in found), key=str)

    def state(self, query: str) -> str:
        return str(self.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"])

    def files(self, table: str) -> dict[str, list[str]]:
        partitions = self.glue.get_partitions(DatabaseName=DATABASE, TableName=table)["Partitions"]
        return {one["Values"][0]: self.under(one["StorageDescriptor"]["Location"]) for one in partitions}

    def under(self, location: str) -> list[str]:
        prefix = location.removeprefix(f"s3://{BUCKET}/").rstrip("/") + "/"
        return [each["Key"] for each in self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]


@pytest.fixture
def plays(athena: Cloud, tmp_path: Path, new_lake: Callable[[], Lake]) -> Iterator[Plays]:
    athena.reset()
    athena.control.work_groups["spotify-elt"] = WorkGroup("spotify-elt", is_enforced=False)
    made = Plays(athena, new_lake(), tmp_path)
    athena.make_bucket(BUCKET)
    athena.make_databases()
    with exported(athena.environment):
        register(RAW_TABLES, VARIABLES["lake_url"], "spotify", AwsSession(REGION))
        yield made


def test_changed_months_are_replaced_or_dropped_and_others_are_not_written(plays: Plays) -> None:
    # The last one started at 22:00:05: in Berlin, the only play of May.
    times = ["2026-02-10 10:00", "2026-03-10 10:00", "2026-04-10 10:00", "2026-04-30 22:03:25"]
    plays.lake.load(1, tracks=[track("song")], recently_played=[play(time) for time in times])
    plays.run()
    first, first_days = plays.files("fct_plays"), plays.files("fct_play_days")
    assert first.keys() == {"2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"}
    assert first_days.keys() == {"2026-02-10", "2026-03-10", "2026-04-10", "2026-05-01"}

    # An insert that failed half-way leaves files without an entry in Glue.
    plays.glue.delete_partition(DatabaseName=DATABASE, TableName="fct_plays", PartitionValues=["2026-04-01"])
    # A late play in March, a new month, and a play that started a second before May, whose repetition is May's play.
    times = ["2026-03-20 10:00", "2026-06-10 10:00", "2026-04-30 22:03:19"]
    plays.lake.load(2, recently_played=[play(time) for time in times])
    plays.run()
    second, second_days = plays.files("fct_plays"), plays.files("fct_play_days")
    assert second.keys() == {"2026-02-01", "2026-03-01", "2026-04-01", "2026-06-01"}
    assert [month for month in second if second[month] == first.get(month)] == ["2026-02-01"]
    # This mart follows the end of a play, which is in May before and after.
    new_days = {"2026-03-20", "2026-05-01", "2026-06-10"}
    assert second_days.keys() == {"2026-02-10", "2026-03-10", "2026-04-10"} | new_days
    assert {day for day in second_days if second_days[day] != first_days.get(day)} == new_days
    rows, days = plays.rows("fct_plays"), plays.rows("fct_play_days")
    assert len(rows) == len(days) == 6

    plays.run("--full-refresh")
    assert (plays.rows("fct_plays"), plays.rows("fct_play_days")) == (rows, days)
