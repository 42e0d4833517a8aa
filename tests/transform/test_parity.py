"""Every mart on DuckDB and on Athena, after each of several loads of one lake: the same columns, types and rows."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import Project
from pipelines.aws.glue import register
from pipelines.aws.session import AwsSession
from pipelines.sources import SOURCES
from tests.simulators.athena.cloud import Cloud
from tests.simulators.athena.parity import Marts
from tests.simulators.aws.server import exported
from tests.transform.lake import Lake, at, one_year_record, record, track
from tests.transform.test_history import changes_and_removals, first_load, half_a_load, refilled, unread_snapshot
from tests.transform.test_known_values import emptied_and_renamed, known, removed_and_saved_again

BUCKET = "listening"
EXCLUSIONS = '[{"artist": "the band\'s", "track": "", "from": "2026-03-01 00:00:00.000", "until": ""}]'


def an_empty_account(lake: Lake) -> None:
    lake.load(1)


def late_rows(lake: Lake) -> None:
    """A play of an earlier month, and the length of a track that was played before it was known."""
    late = {"played_at": at("2026-03-31 22:30"), "track_uri": "spotify:track:a", "track_id": "a"}
    lake.load(6, recently_played=[late], tracks=[track("a", name="Renamed", album_id="alb", duration_ms=61000)])


def runs_with_a_gap(lake: Lake) -> None:
    """Two polls; between them more plays ended than Spotify shows. An export covers the gap."""
    usual = {"resource": "recently_played", "outcome": "read"}
    before, behind = at("2026-03-29 00:30"), at("2026-04-02 12:00")
    first = {"read_at": at("2026-03-30"), "oldest_at": at("2026-03-28"), "newest_at": before}
    second = {"read_at": at("2026-04-03"), "oldest_at": behind, "gap_from": before, "gap_until": behind}
    lake.load(7, resource_runs=[usual | first, usual | second])


def exports(lake: Lake) -> None:
    """Two extended exports and a one-year export: plays that polls have, late and repeated ones, one without a URI."""
    nameless: dict[str, Any] = {"spotify_track_uri": None, "offline_timestamp": 0}
    of_show: dict[str, Any] = {"content_type": "episode", "spotify_track_uri": None, "master_metadata_track_name": None}
    of_book: dict[str, Any] = of_show | {"content_type": "audiobook", "master_metadata_album_artist_name": None}
    chapter = {"audiobook_uri": "spotify:show:b", "audiobook_title": "B", "audiobook_chapter_title": "C"}
    lake.load(
        20,
        streams=[
            record("2026-05-01 10:00", "a", "2026-05-01 09:30:00", reason_end="trackdone", incognito_mode=False),
            record("2026-05-01 10:00:03", "a", "2026-05-01 10:00:02"),
            record("2022-05-01 18:00", "old", "2022-05-01 10:00:00", ms_played=60_000),
            record("2022-05-01 18:00", "old", "2022-05-01 11:00:00", ms_played=60_000),
            record("2020-02-01 10:00", "n", **nameless),
            record("2026-04-30 23:50", "night", ms_played=7_200_000, incognito_mode=True, conn_country="ZZ"),
            record("2026-05-02 10:00", "e", spotify_episode_uri="spotify:episode:e", episode_name="E", **of_show),
            record("2026-05-02 11:00", "?", **of_show | nameless | {"content_type": "unidentified"}),
            record("2026-05-02 12:00", "c", audiobook_chapter_uri="spotify:episode:c", **of_book | chapter),
        ],
        import_files=[
            {
                "file_id": "f",
                "archive_id": "one",
                "content_type": "track",
                "file_name": "f.json",
                "package": "extended",
            },
        ],
        covered_spans=[
            {
                "archive_id": "one",
                "package": "extended",
                "covered_from": at("2020-02-01"),
                "covered_until": at("2026-05-02"),
            }
        ],
    )
    lake.load(
        21,
        files=2,
        streams=[
            record("2022-05-01 18:00", "old", file_id="g", ms_played=60_000, skipped=False),
            record("2020-02-01 10:00", "n", file_id="g", master_metadata_album_album_name="Album"),
        ],
        one_year_streams=[
            one_year_record("2026-05-01 10:00", "A", 1_800_000),
            one_year_record("2026-03-31 22:30", "Renamed", 50_000),
            one_year_record("2026-03-01 22:30", "Only here", 50_000),
        ],
    )


STAGES: tuple[tuple[str, tuple[Callable[[Lake], None], ...], str], ...] = (
    ("an empty account", (an_empty_account,), "run"),
    ("a first load without a newer column", (first_load, partial(known, number=11)), "run"),
    (
        "updates, removals, an added column, an incomplete load, new ids",
        (changes_and_removals, half_a_load, partial(emptied_and_renamed, number=12)),
        "run",
    ),
    ("additions and exports", (refilled, unread_snapshot, partial(removed_and_saved_again, number=13), exports), "run"),
    ("late rows, a gap; every data test", (late_rows, runs_with_a_gap), "build"),
    ("a full refresh", (), "run --full-refresh"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parity")


@pytest.fixture(scope="module")
def cloud(athena: Cloud, folder: Path) -> Iterator[Cloud]:
    athena.reset()
    athena.make_bucket(BUCKET)
    athena.make_databases()
    with exported(athena.environment):
        yield athena


@pytest.fixture(scope="module")
def projects(cloud: Cloud, folder: Path) -> dict[str, Project]:
    """The project for each engine, by the name of its target."""
    common = {"time_zone": "Europe/Berlin", "exclusions": EXCLUSIONS}
    at_home = {"lake_url": str(folder / "lake"), "duckdb_path": str(folder / "spotify.duckdb")}
    in_cloud = {
        "lake_url": f"s3://{BUCKET}/lake",
        "aws_region": cloud.environment["AWS_REGION"],
        "glue_prefix": "spotify",
        "athena_work_group": "spotify-elt",
    }
    return {
        "dev": Project("dev", folder / "dev", common | at_home),
        "prod": Project("prod", folder / "prod", common | in_cloud),
    }


def test_both_engines_give_the_same_marts_after_every_load(
    cloud: Cloud, folder: Path, projects: dict[str, Project]
) -> None:
    lake = Lake(folder / "lake")
    s3 = cloud.client("s3")
    marts = Marts(folder / "spotify.duckdb", cloud, "spotify_marts")
    differing, began = [], time.monotonic()
    for stage, loads, command in STAGES:
        for load in loads:
            load(lake)
        for file in filter(Path.is_file, lake.folder.rglob("*")):
            s3.upload_file(str(file), BUCKET, f"lake/{file.relative_to(lake.folder)}")
        aws = AwsSession(cloud.environment["AWS_REGION"])
        tables = {source.name: source.tables.values() for source in SOURCES}
        register(tables, f"s3://{BUCKET}/lake", "spotify", aws)
        for target, project in projects.items():
            options = ("--exclude-resource-type", "unit_test") if command == "build" else ()
            outcome = dbt.invoke(project, *command.split(), *options, "--no-write-json")
            results = getattr(outcome.result, "results", ())
            wrong = [str(one.message) for one in results if one.status in ("error", "fail", "skipped")]
            assert outcome.success, f"{stage}, {target}: {wrong or outcome.exception}"
        differing += [f"{stage}: {one}" for one in marts.difference()]
    took = time.monotonic() - began
    compared = f"{len(marts.rows)} marts, {marts.columns.total()} columns, {marts.rows.total()} rows"
    print(f"\nparity: {compared} compared after {len(STAGES)} loads in {took:.0f} s")
    assert not differing, "\n".join(differing)
    assert not [name for name in marts.columns if not marts.rows[name]], "a mart without a row proves nothing"
