"""One run at a time on S3, even after a run was killed. The tests set the clock of moto."""

import datetime as dt
import os
import platform
import signal
import threading
from pathlib import Path

import pytest

from pipelines.lake import lease
from pipelines.lake.lock import Busy, held, holder
from pipelines.lake.store import Lake
from pipelines.raw.clock import as_text
from tests.lake.s3.leases import KEY, a_run, age, record, until
from tests.simulators.aws.server import BUCKET, LAKE_URL, Cloud


def test_a_second_machine_ends_with_a_message_that_names_holder_start_and_end_of_the_lock(
    cloud: Cloud, lake: Lake, here: Path, there: Path
) -> None:
    with held(lake, here, "elt"):
        renewed_at = cloud.s3.buckets[BUCKET].keys[KEY].last_modified
        with pytest.raises(Busy) as busy, held(lake, there, "extract"):
            pytest.fail("two runs at once")
        assert str(busy.value).startswith(f"another run holds {LAKE_URL}: `elt` on {os.uname().nodename}, since 20")
        ends_at = renewed_at.replace(microsecond=0) + dt.timedelta(seconds=lease.LEASE_S)
        assert str(busy.value).endswith(f"its lock ends by itself at {as_text(ends_at)}")
        assert str(holder(lake)) in str(busy.value)
    with held(lake, there, "extract"):
        assert "`extract`" in str(holder(lake))


def test_no_lock_is_left_after_a_run_that_succeeded_or_failed(cloud: Cloud, lake: Lake, here: Path) -> None:
    with held(lake, here, "elt"):
        assert list(cloud.objects()) == [KEY]
    assert cloud.objects() == {}
    assert holder(lake) is None
    with pytest.raises(KeyboardInterrupt), held(lake, here, "elt"):
        raise KeyboardInterrupt
    assert cloud.objects() == {}


def test_the_lock_of_a_killed_run_is_taken_over_at_once_on_its_machine_and_later_on_another(
    cloud: Cloud, lake: Lake, here: Path, there: Path
) -> None:
    with a_run(here) as run:
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert "`elt`" in str(holder(lake))
    age(cloud, lease.LEASE_S - 5)
    with pytest.raises(Busy), held(lake, there, "extract"):
        pass
    age(cloud, lease.LEASE_S)
    assert holder(lake) is None
    with held(lake, there, "extract"):
        pass
    with a_run(here) as run:
        run.send_signal(signal.SIGKILL)
        run.wait()
    with held(lake, here, "extract"):
        assert record(cloud)["verb"] == "extract"


def test_a_copy_of_a_working_folder_on_another_host_counts_as_another_machine(
    cloud: Cloud, lake: Lake, here: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(lake, here, "elt"):
        there.mkdir()
        (there / "machine_id").write_text((here / "machine_id").read_text())
        monkeypatch.setattr(platform, "node", lambda: "another host")
        with pytest.raises(Busy), held(lake, there, "elt"):
            pass


def test_only_one_of_two_runs_takes_over_an_expired_lock(cloud: Cloud, lake: Lake, here: Path, tmp_path: Path) -> None:
    with a_run(here) as run:
        run.kill()
        run.wait()
    age(cloud, 2 * lease.LEASE_S)
    cloud.front.log.clear()
    won: list[int] = []
    lost: list[str] = []

    def before(request: str) -> None:
        # Both runs read the expired lock before either of them overwrites it.
        if request == f"s3.PutObject {KEY}" and cloud.front.log.count(request) > 2:
            until(lambda: cloud.front.log.count(f"s3.GetObject {KEY}") >= 2)

    cloud.front.before = before

    def take(number: int) -> None:
        try:
            with held(lake, tmp_path / str(number), "elt"):
                won.append(number)
                until(lambda: bool(lost))
        except Busy as busy:
            lost.append(str(busy))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(won) == len(lost) == 1
