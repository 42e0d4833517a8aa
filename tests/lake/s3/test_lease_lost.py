"""A run that stood still, or could not renew its lock, writes nothing past its end."""

import signal
import time
from pathlib import Path

import pytest

from pipelines.lake import lease
from pipelines.lake.lock import Busy, held, holder
from pipelines.lake.store import Lake
from tests.lake.s3.leases import KEY, a_run, age, record, until
from tests.simulators.aws.server import BUCKET, Cloud


def test_a_run_that_was_taken_over_while_it_stood_still_stops_itself(
    cloud: Cloud, lake: Lake, here: Path, there: Path
) -> None:
    with a_run(here, renew_every_s=0.1) as run:
        assert run.stderr
        run.send_signal(signal.SIGSTOP)
        age(cloud, 2 * lease.LEASE_S)
        with held(lake, there, "elt"):
            taken = record(cloud)
            run.send_signal(signal.SIGCONT)
            assert run.wait(20) == 7
            said = run.stderr.read()
            assert record(cloud) == taken
    assert said.count("\n") == 1
    assert said.startswith("stopped: another run has taken the lake over")


def test_a_run_whose_lock_was_taken_and_given_back_stops_itself_too(cloud: Cloud, here: Path) -> None:
    with a_run(here, renew_every_s=0.1) as run:
        assert run.stderr
        cloud.put({})
        assert run.wait(20) == 7
        assert "taken the lake over" in run.stderr.read()


def test_nothing_is_written_past_the_end_of_the_lock_before_it_was_renewed(
    cloud: Cloud, lake: Lake, here: Path, stopped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(lake, here, "elt"):
        lake.write_json("written.json", {})
        assert stopped == []
        real = time.time
        # A machine that slept: the clock on the wall went on, the monotonic one stood still.
        monkeypatch.setattr(time, "time", lambda: real() + lease.LEASE_S)
        lake.read_json("written.json")
        assert stopped == []
        lake.write_json("written.json", {})
        assert set(stopped) == {"it stood still for so long that its lock on the lake has ended"}


def test_a_run_that_slept_past_its_lock_ends_with_7_and_one_line_before_it_writes(cloud: Cloud, here: Path) -> None:
    with a_run(here, lease_s=lease.LAST_S + 2) as run:
        assert run.stdin
        assert run.stderr
        run.send_signal(signal.SIGSTOP)
        time.sleep(2.1)
        run.send_signal(signal.SIGCONT)
        run.stdin.write("\n")
        run.stdin.flush()
        assert run.wait(20) == 7
        said = run.stderr.read()
    assert said.startswith("stopped: it stood still for so long")
    assert said.count("\n") == 1
    assert list(cloud.objects()) == [KEY]


@pytest.mark.usefixtures("often")
def test_a_living_run_renews_its_lock(cloud: Cloud, lake: Lake, here: Path, stopped: list[str]) -> None:
    with held(lake, here, "elt"):
        age(cloud, 2 * lease.LEASE_S)
        until(lambda: holder(lake) is not None)
        before = record(cloud)
        until(lambda: record(cloud) != before)
    assert stopped == []


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("tries", ["2", "1"])
def test_a_renewal_whose_answer_was_lost_is_no_loss(
    cloud: Cloud, lake: Lake, here: Path, stopped: list[str], monkeypatch: pytest.MonkeyPatch, tries: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", tries)
    with held(lake, here, "elt"):
        cloud.front.fail(f"s3.PutObject {KEY}", 500, "InternalError", times=2, is_done=True)
        before = int(str(record(cloud)["renewed"]))
        until(lambda: int(str(record(cloud)["renewed"])) > before + 4)
    assert stopped == []
    assert cloud.objects() == {}


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("status", [500, 403, 0])
def test_a_lock_that_cannot_be_renewed_ends_the_run_before_it_ends_itself(
    cloud: Cloud, lake: Lake, here: Path, stopped: list[str], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with held(lake, here, "elt"):
        cloud.front.fail(f"s3.PutObject {KEY}", status, "InternalError")
        until(lambda: cloud.front.counts["s3.PutObject"] > 3)
        assert stopped == []
        monkeypatch.setattr(lease, "LEASE_S", lease.LAST_S + 0.5)
        until(lambda: bool(stopped))
    assert "could not be renewed" in stopped[0]


def test_a_lock_that_cannot_be_taken_away_ends_by_itself_and_hides_nothing(
    cloud: Cloud, lake: Lake, here: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    cloud.front.fail("s3.DeleteObject", 403, "AccessDenied")
    with pytest.raises(ValueError, match="of the run"), held(lake, here, "elt"):
        raise ValueError("of the run")
    with pytest.raises(Busy), held(lake, there, "elt"):
        pass
    with held(lake, here, "elt"):
        pass


def test_a_late_request_of_a_dead_run_does_not_fit_the_lock_of_the_next(cloud: Cloud, lake: Lake, here: Path) -> None:
    seen = []
    for _ in range(2):
        with held(lake, here, "elt"):
            seen.append(cloud.s3.buckets[BUCKET].keys[KEY].etag)
    assert seen[0] != seen[1]
