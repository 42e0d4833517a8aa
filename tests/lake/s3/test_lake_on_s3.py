"""A lake in a bucket has the same rows and cursors as a lake in a folder, and is compacted in the same way."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.lake.compact import LOAD_RECORDS, OPEN_MONTH_FILES, compact
from pipelines.lake.manifest import WrongLake
from pipelines.lake.store import Lake
from pipelines.load import load
from tests.account import Account, new_rows, report
from tests.kills.loads import rows_of
from tests.lake.test_compaction import TABLE, grow
from tests.machine import Machine
from tests.simulators.aws.server import LAKE_URL, REGION, Cloud
from tests.simulators.spotify.demo_server import DemoServer

# The S3 requests of an hourly run without changes, after three runs. They are the cost of an hour. The first run made
# two loads, one of the plays and one of the rest. An empty load of the plays sends no request and writes nothing.
HOURLY = {
    "s3.PutObject": 5,  # the lock, the rows of resource_runs, dlt's state and record, last_run.json
    "s3.ListObjectsV2": 5,
    # 14 data files: two of each of the five tables of tracks, which both loads of the first run wrote, and four others.
    # 9 records of loads: 4 before the load, 5 after it. 7 others: last_run.json, last_poll.json, lake.json twice,
    # dlt's state, its schema, and its `init`.
    "s3.GetObject": 30,
    "s3.HeadObject": 4,
    "s3.DeleteObject": 1,
    "s3.DeleteObjects": 1,
}


def copied(cloud: Cloud, folder: Path) -> Lake:
    cloud.copy(folder)
    return Lake(str(folder / "lake"))


def uploaded(cloud: Cloud, lake: Lake) -> Lake:
    files = {path: path.relative_to(lake.root) for path in Path(lake.root).rglob("*") if path.is_file()}
    cloud.put({f"lake/{name}": path.read_bytes() for path, name in files.items()})
    return Lake(LAKE_URL)


def test_a_lake_on_s3_has_the_same_rows_as_a_lake_in_a_folder(
    cloud: Cloud, account: Account, demo_server: DemoServer, tmp_path: Path
) -> None:
    at_home = Account(demo_server, tmp_path / "home")
    for _ in range(2):
        demo_server.mutate("save")
        demo_server.clock(days=1)
        for each in (account, at_home):
            load(each.ready())
    rows = rows_of(at_home.lake)
    assert rows_of(copied(cloud, tmp_path / "copy")) == rows
    assert rows["saved_tracks"]
    assert rows["recently_played"]


def test_a_fresh_machine_continues_with_the_cursors_of_the_lake(account: Account) -> None:
    account.load()
    before = account.state()
    account.moves_to_another_machine()
    loaded = account.load()
    assert new_rows(loaded) == {}
    assert report(loaded, "saved_albums").outcome == "not due"
    assert report(loaded, "saved_tracks").calls == 1
    cursors = account.state()["resources"]["recently_played"]
    assert cursors == before["resources"]["recently_played"]


def test_a_run_without_changes_sends_these_requests_to_s3_and_records_them(cloud: Cloud, machine: Machine) -> None:
    for _ in range(3):
        assert machine.type("extract") == 0
    cloud.front.log.clear()
    assert machine.type("extract") == 0
    assert cloud.front.counts == HOURLY
    recorded = Counter(json.loads(cloud.objects()["lake/last_run.json"])["aws"]["requests"])
    assert recorded == HOURLY


def test_a_load_reads_the_version_of_the_dataset_once_for_each_of_its_two_loads(cloud: Cloud, account: Account) -> None:
    account.load()
    reads = [request for request in cloud.front.log if request.startswith("s3.GetObject lake/spotify/init")]
    assert len(reads) == 2


def test_another_machine_sends_the_same_requests_and_those_that_restore_its_state(
    cloud: Cloud, machines: Callable[[str], Machine]
) -> None:
    for name in ("one", "one", "one", "two"):
        cloud.front.log.clear()
        assert machines(name).type("extract") == 0
    # dlt lists the stored schemas and reads the newest one.
    assert cloud.front.counts - Counter(HOURLY) == {"s3.ListObjectsV2": 1, "s3.HeadObject": 1, "s3.GetObject": 1}


def test_files_on_s3_are_compacted_like_files_in_a_folder(
    cloud: Cloud, demo_server: DemoServer, tmp_path: Path
) -> None:
    at_home = Account(demo_server, tmp_path)
    at_home.load()
    grow(at_home, OPEN_MONTH_FILES)
    grow(at_home, 3, "load_month=2020-01", 1600000000)
    grow(at_home, 2, "load_month=2020-02", 1600000100)
    lake = uploaded(cloud, at_home.lake)
    before = rows_of(at_home.lake)[TABLE]
    compact(lake.dataset("spotify"), [TABLE])
    compact(at_home.lake.dataset("spotify"), [TABLE])
    of_the_bucket = copied(cloud, tmp_path / "copy")
    assert rows_of(of_the_bucket)[TABLE] == before
    assert len(of_the_bucket.dataset("spotify").records("_dlt_loads")) == 1
    assert len(before) > 0
    names = [
        [Path(path).relative_to(one.root) for path in one.dataset("spotify").files(TABLE)]
        for one in (of_the_bucket, at_home.lake)
    ]
    assert names[0] == names[1]
    assert len(names[0]) == 2
    cloud.front.log.clear()
    compact(lake.dataset("spotify"), [TABLE])
    assert set(cloud.front.counts) <= {"s3.ListObjectsV2", "s3.GetObject"}


def test_the_records_of_many_loads_are_compacted_into_one_record_file(
    cloud: Cloud, demo_server: DemoServer, tmp_path: Path
) -> None:
    at_home = Account(demo_server, tmp_path)
    at_home.load()
    real = len(at_home.completed())
    grow(at_home, LOAD_RECORDS)
    lake = uploaded(cloud, at_home.lake)
    before = at_home.completed()
    assert len(before) == real + LOAD_RECORDS
    compact(lake.dataset("spotify"), [TABLE])
    assert len([key for key in cloud.objects() if "/_dlt_loads/spotify" in key]) == 1
    assert Lake(LAKE_URL).dataset("spotify").completed() == before


def test_rows_of_a_load_without_a_record_are_not_valid_and_are_read_again(
    cloud: Cloud, account: Account, tmp_path: Path
) -> None:
    account.load()
    left = {name: content for name, content in cloud.objects().items() if name.endswith(".parquet")}
    cloud.put(left)
    assert rows_of(copied(cloud, tmp_path / "left"))["saved_tracks"] == set()
    account.moves_to_another_machine()
    saved = new_rows(account.load())["saved_tracks"]
    assert saved >= 30
    assert len(rows_of(copied(cloud, tmp_path / "again"))["saved_tracks"]) == saved


def test_a_lake_with_another_layout_is_refused_and_not_changed(cloud: Cloud, account: Account) -> None:
    account.load()
    objects = cloud.objects() | {"lake/lake.json": json.dumps({"layout": 99}).encode()}
    cloud.put(objects)
    with pytest.raises(WrongLake, match=f"{LAKE_URL} has layout 99"):
        account.load()
    assert cloud.objects() == objects


def test_the_lake_of_another_account_is_refused_and_not_changed(
    cloud: Cloud, account: Account, demo_servers: Callable[..., DemoServer], tmp_path: Path
) -> None:
    account.load()
    objects = cloud.objects()
    other = Account(demo_servers(size=5, playlists=1, seed=7), tmp_path / "other", LAKE_URL=LAKE_URL, AWS_REGION=REGION)
    for field in ("id", "account_id"):
        other.demo_server.mutate("poison", path="/v1/me", field=field, value="somebody else")
    with pytest.raises(WrongLake, match="another Spotify account"):
        other.load()
    assert cloud.objects() == objects


def test_a_bucket_may_have_any_name(cloud: Cloud, demo_server: DemoServer, tmp_path: Path) -> None:
    cloud.make("a-bucket")
    account = Account(demo_server, tmp_path, LAKE_URL="s3://a-bucket/bucket", AWS_REGION=REGION)
    assert new_rows(account.load())
    assert new_rows(account.load()) == {}
