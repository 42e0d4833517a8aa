"""What `make follow` does in one turn after the other, and how it ends."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from dlt.common.exceptions import SignalReceivedException

from orchestration.follow import loop
from pipelines.lake.lock import Busy, locked
from pipelines.settings import ROOT
from tests.bench.subprocesses import settings
from tests.follow.simulated import Moment, Play, Simulated
from tests.pictures import FOLLOW, follow_picture

START = dt.datetime(2026, 11, 2, 8)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def an_evening(now: Moment) -> Sequence[Play]:
    """A play ends every three minutes from 10:00 to 13:00."""
    ends = [START + 2 * HOUR + number * 3 * MINUTE for number in range(60)]
    return [(at, f"track:{at:%H%M}") for at in reversed(ends) if at <= now][:50]


def test_new_plays_are_in_the_tables_minutes_after_their_end(tmp_path: Path) -> None:
    simulated = Simulated(tmp_path, an_evening, START)
    simulated.run(START + 8 * HOUR)
    waits = sorted(simulated.in_marts[play] - play[0] for play in an_evening(START + 8 * HOUR))
    assert len(waits) == 50
    assert waits[25] <= 5 * MINUTE


def test_a_day_without_a_play_has_no_build_after_the_first(tmp_path: Path) -> None:
    simulated = Simulated(tmp_path, lambda now: [(START - HOUR, "track:1")], START)
    simulated.run(START + 24 * HOUR)
    assert simulated.builds == 1


def test_long_builds_take_at_most_a_twentieth_of_the_time(tmp_path: Path) -> None:
    simulated = Simulated(tmp_path, an_evening, START, build_s=60)
    simulated.run(START + 8 * HOUR)
    assert simulated.builds * 60 <= 8 * 3600 / 20


def test_a_read_by_another_scheduler_is_not_repeated(tmp_path: Path) -> None:
    simulated = Simulated(tmp_path, an_evening, START)
    for hour in range(6):
        simulated.run_elsewhere("extract")
        simulated.run(START + hour * HOUR + 59 * MINUTE)
    assert "extract" not in simulated.steps


def test_only_one_process_follows_a_lake(tmp_path: Path) -> None:
    simulated = Simulated(tmp_path, an_evening, START)
    folder = simulated.settings.scratch_dir / "follow" / simulated.settings.working_dir.name
    with locked(folder, "follow"), pytest.raises(Busy, match="`follow`"):
        loop.follow(simulated.settings)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_end_it_with_code_0_and_without_a_word(tmp_path: Path, number: int) -> None:
    (tmp_path / "lake").mkdir()
    read_at = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat()
    for name in ("last_run.json", "last_build.json"):
        (tmp_path / "lake" / name).write_text(f'{{"read_at": "{read_at}"}}')
    command = [sys.executable, "-m", "orchestration", "follow"]
    environment = settings(tmp_path) | {"DEMO_NOW": read_at[:19]}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as program:
        deadline = time.monotonic() + 60
        while not any((tmp_path / "follow").rglob(".lock")) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1)
        os.kill(program.pid, number)
        out, _ = program.communicate(timeout=60)
    assert (program.returncode, out) == (0, b"")


def test_a_signal_that_dlt_takes_during_a_poll_ends_it_with_code_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulated = Simulated(tmp_path, an_evening, START)

    def poll(*arguments: object) -> NoReturn:
        raise SignalReceivedException(signal.SIGTERM)

    monkeypatch.setattr(loop, "poll", poll)
    monkeypatch.setattr(loop, "scheduled", lambda arguments: 0)
    assert loop.follow(simulated.settings) == 0


def test_the_picture_of_the_docs_shows_what_it_says() -> None:
    assert FOLLOW.read_text(encoding="utf-8") == follow_picture(), "run `.venv/bin/python -m tests.pictures`"
