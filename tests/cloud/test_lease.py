"""One run at a time on S3, whatever dies or stands still; moto's clock is moved by hand."""

import datetime as dt
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.lake import lease
from pipelines.lake.lock import Busy, held, holder
from pipelines.lake.place import Lake
from tests.cloud.server import BUCKET, LAKE_URL, Cloud

KEY = "lake/.lock"
RUN = """
import sys
from pathlib import Path
from pipelines.lake import lease
from pipelines.lake.lock import held
from pipelines.lake.place import Lake
lease.RENEW_EVERY_S, lease.LEASE_S = map(float, sys.argv[2:])
lake = Lake("s3://listening/lake")
with held(lake, Path(sys.argv[1]), "elt"):
    print("held", flush=True)
    for line in sys.stdin:
        lake.write_json("written.json", {"by": "the run"})
        print("written", flush=True)
"""


@pytest.fixture
def lake(cloud: Cloud) -> Lake:
    return Lake(LAKE_URL)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "here"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "there"


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why a run of this process would have been ended."""
    reasons: list[str] = []
    monkeypatch.setattr(lease, "_stop", reasons.append)
    return reasons


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.05)


def age(cloud: Cloud, seconds: float) -> None:
    """So long ago the lock was renewed."""
    cloud.age(KEY, seconds)


def record(cloud: Cloud) -> dict[str, object]:
    found: dict[str, object] = json.loads(cloud.objects()[KEY])
    return found


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def a_run(folder: Path, renew_every_s: float = 150, lease_s: float = 600) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lake, and writes when it is told to."""
    command = [sys.executable, "-c", RUN, str(folder), str(renew_every_s), str(lease_s)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as run:
        assert run.stdout
        assert run.stdout.readline() == "held\n"
        try:
            yield run
        finally:
            run.kill()


def test_the_second_machine_is_busy_and_told_who_holds_the_lake_since_when_and_until_when(
    cloud: Cloud, lake: Lake, here: Path, there: Path
) -> None:
    with held(lake, here, "elt"):
        renewed_at = cloud.s3.buckets[BUCKET].keys[KEY].last_modified
        with pytest.raises(Busy) as busy, held(lake, there, "extract"):
            pytest.fail("two runs at once")
        assert str(busy.value).startswith(f"another run holds {LAKE_URL}: `elt` on {os.uname().nodename}, since 20")
        ends_at = renewed_at.replace(microsecond=0) + dt.timedelta(seconds=lease.LEASE_S)
        assert str(busy.value).endswith(f"its lock ends by itself at {ends_at:%H:%M:%S} UTC")
        assert str(holder(lake)) in str(busy.value)
    with held(lake, there, "extract"):
        assert "`extract`" in str(holder(lake))


def test_a_run_that_ends_leaves_no_lock_however_it_ends(cloud: Cloud, lake: Lake, here: Path) -> None:
    with held(lake, here, "elt"):
        assert list(cloud.objects()) == [KEY]
    assert cloud.objects() == {}
    assert holder(lake) is None
    with pytest.raises(KeyboardInterrupt), held(lake, here, "elt"):
        raise KeyboardInterrupt
    assert cloud.objects() == {}


def test_a_killed_run_is_taken_over_at_once_on_its_own_machine_and_after_its_time_on_another(
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


def test_a_copy_of_a_working_folder_on_another_host_is_another_machine(
    cloud: Cloud, lake: Lake, here: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(lake, here, "elt"):
        there.mkdir()
        (there / "machine_id").write_text((here / "machine_id").read_text())
        monkeypatch.setattr(platform, "node", lambda: "another host")
        with pytest.raises(Busy), held(lake, there, "elt"):
            pass


def test_of_two_that_take_a_dead_lock_at_the_same_time_one_wins(
    cloud: Cloud, lake: Lake, here: Path, tmp_path: Path
) -> None:
    with a_run(here) as run:
        run.kill()
        run.wait()
    age(cloud, 2 * lease.LEASE_S)
    cloud.front.log.clear()
    won: list[int] = []
    lost: list[str] = []

    def before(request: str) -> None:
        # Both have seen the dead lock before either writes over it.
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
