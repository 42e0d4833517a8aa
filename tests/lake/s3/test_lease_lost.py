"""A run that was suspended, or that could not renew its lock, writes nothing after its lock has expired."""

import signal
import threading
import time
from pathlib import Path

import pytest

from pipelines.lake import lease
from pipelines.lake.lease import LeaseLost
from pipelines.lake.lock import Busy, held, holder
from pipelines.lake.store import Lake, load_id_of
from tests.lake.s3.leases import KEY, a_run, age, record, until, write
from tests.machine import Machine
from tests.simulators.aws.server import BUCKET, LAKE_URL, Cloud


def test_a_suspended_run_whose_lock_was_taken_over_writes_nothing_and_ends_with_7(
    cloud: Cloud, lake: Lake, here: Path, there: Path
) -> None:
    with a_run(here, renew_every_s=0.1) as run:
        assert run.stderr
        run.send_signal(signal.SIGSTOP)
        age(cloud, 2 * lease.LEASE_S)
        with held(lake, there, "elt"):
            taken = record(cloud)
            renewals = cloud.front.log.count(f"s3.PutObject {KEY}")
            run.send_signal(signal.SIGCONT)
            until(lambda: cloud.front.log.count(f"s3.PutObject {KEY}") > renewals)
            time.sleep(0.3)
            write(run)
            assert run.wait(20) == 7
            message = run.stderr.read()
            assert cloud.objects().keys() == {KEY}
            assert record(cloud) == taken
    assert message.count("\n") == 1
    assert message.startswith("stopped: another run has taken the lake over")


def test_a_run_whose_lock_was_taken_and_released_by_another_writes_nothing(cloud: Cloud, here: Path) -> None:
    with a_run(here, renew_every_s=0.1) as run:
        assert run.stderr
        cloud.put({})
        time.sleep(0.5)
        write(run)
        assert run.wait(20) == 7
        assert "taken the lake over" in run.stderr.read()
        assert cloud.objects() == {}


def test_nothing_is_written_after_the_lock_has_expired_and_before_it_is_renewed(
    cloud: Cloud, lake: Lake, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time

    def sleep_and_write() -> None:
        lake.write_json("written.json", {})
        # While a machine sleeps, its wall clock continues and its monotonic clock stops.
        monkeypatch.setattr(time, "time", lambda: real() + lease.LEASE_S)
        assert lake.read_json("written.json") == {}
        lake.write_json("too_late.json", {})

    with pytest.raises(LeaseLost, match="not renewed in time"), held(lake, here, "elt"):
        sleep_and_write()
    assert "lake/too_late.json" not in cloud.objects()


def test_a_lost_lock_is_reported_even_if_a_library_hides_the_error(
    cloud: Cloud, lake: Lake, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_a_library() -> None:
        monkeypatch.setattr(lease, "LEASE_S", 0)
        try:
            lake.write_json("too_late.json", {})
        except LeaseLost:
            raise ValueError("a job of the library failed") from None

    with pytest.raises(LeaseLost, match="not renewed in time"), held(lake, here, "elt"):
        as_a_library()


def test_the_guard_is_removed_after_the_run_and_guards_no_other_lake(
    cloud: Cloud, lake: Lake, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Lake(f"{lake.url}_of_others", lake.aws.region)
    with held(lake, here, "elt"), monkeypatch.context() as patch:
        patch.setattr(lease, "LEASE_S", 0)
        other.write_json("written.json", {})
    lake.write_json("written.json", {})
    assert set(cloud.objects()) == {"lake/written.json", "lake_of_others/written.json"}


def test_a_load_that_loses_the_lock_ends_with_7_and_one_line_and_the_next_run_loads_everything(
    cloud: Cloud, machine: Machine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lost_at: list[int] = []

    def before(request: str) -> None:
        if request.startswith("s3.PutObject lake/spotify/saved_tracks") and not lost_at:
            monkeypatch.setattr(lease, "LEASE_S", 0)
            lost_at.append(len(cloud.front.log))

    cloud.front.before = before
    assert machine.type("extract") == 7
    message = capsys.readouterr().err
    assert message.count("\n") == 1, message
    assert message.startswith("stopped: the lock of the lake was not renewed in time")
    # Requests that were already under way are not stopped: dlt writes from up to 20 threads.
    assert "lake/last_run.json" not in cloud.objects()
    # The run lost the lock in its second load. The first one, that of the plays, was complete.
    dataset = Lake(LAKE_URL).dataset("spotify")
    (of_plays,) = dataset.completed()
    assert {load_id_of(path) for path in dataset.files("recently_played")} == {of_plays}
    assert of_plays not in {load_id_of(path) for path in dataset.files("saved_tracks")}
    assert threading.active_count() < 50
    monkeypatch.undo()
    cloud.front.forget()
    for name, value in machine.environment.items():
        monkeypatch.setenv(name, value)
    age(cloud, 2 * lease.LEASE_S)
    assert machine.type("extract") == 0
    assert cloud.objects("lake/spotify/saved_tracks/load_month")


def test_a_run_that_slept_until_its_lock_expired_ends_with_7_before_it_writes(cloud: Cloud, here: Path) -> None:
    with a_run(here, lease_s=lease.LAST_S + 2) as run:
        assert run.stderr
        run.send_signal(signal.SIGSTOP)
        time.sleep(2.1)
        run.send_signal(signal.SIGCONT)
        write(run)
        assert run.wait(20) == 7
        message = run.stderr.read()
    assert message.startswith("stopped: the lock of the lake was not renewed in time")
    assert message.count("\n") == 1
    assert cloud.objects() == {}


@pytest.mark.usefixtures("often")
def test_a_run_renews_its_lock(cloud: Cloud, lake: Lake, here: Path) -> None:
    with held(lake, here, "elt"):
        age(cloud, 2 * lease.LEASE_S)
        until(lambda: holder(lake) is not None)
        before = record(cloud)
        until(lambda: record(cloud) != before)
        lake.write_json("written.json", {})
    assert list(cloud.objects()) == ["lake/written.json"]


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("tries", ["2", "1"])
def test_a_renewal_whose_answer_was_lost_does_not_lose_the_lock(
    cloud: Cloud, here: Path, monkeypatch: pytest.MonkeyPatch, tries: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", tries)
    lake = Lake("s3://listening/lake")
    with held(lake, here, "elt"):
        cloud.front.fail(f"s3.PutObject {KEY}", 500, "InternalError", times=2, is_done=True)
        before = int(str(record(cloud)["renewed"]))
        until(lambda: int(str(record(cloud)["renewed"])) > before + 4)
        lake.write_json("written.json", {})
    assert list(cloud.objects()) == ["lake/written.json"]


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("status", [500, 403, 0])
def test_a_run_that_cannot_renew_its_lock_stops_before_the_lock_expires(
    cloud: Cloud, here: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    lake = Lake("s3://listening/lake")

    def fail_and_write() -> None:
        cloud.front.fail(f"s3.PutObject {KEY}", status, "InternalError")
        until(lambda: cloud.front.counts["s3.PutObject"] > 3)
        lake.write_json("written.json", {})
        monkeypatch.setattr(lease, "LEASE_S", lease.LAST_S + 0.5)
        keeper = lake.aws.guards[0].__self__  # type: ignore[attr-defined]
        until(lambda: bool(keeper.lost))
        lake.write_json("too_late.json", {})

    with pytest.raises(LeaseLost, match="could not be renewed"), held(lake, here, "elt"):
        fail_and_write()
    assert "lake/too_late.json" not in cloud.objects()


def test_a_lock_that_cannot_be_deleted_expires_and_hides_no_error_of_the_run(
    cloud: Cloud, here: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    lake = Lake("s3://listening/lake")
    cloud.front.fail("s3.DeleteObject", 403, "AccessDenied")
    with pytest.raises(ValueError, match="of the run"), held(lake, here, "elt"):
        raise ValueError("of the run")
    with pytest.raises(Busy), held(lake, there, "elt"):
        pass
    with held(lake, here, "elt"):
        pass


def test_a_late_request_of_a_dead_run_does_not_change_the_lock_of_the_next_run(
    cloud: Cloud, lake: Lake, here: Path
) -> None:
    seen = []
    for _ in range(2):
        with held(lake, here, "elt"):
            seen.append(cloud.s3.buckets[BUCKET].keys[KEY].etag)
    assert seen[0] != seen[1]
