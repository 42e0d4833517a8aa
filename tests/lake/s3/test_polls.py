"""Polls of a lake on S3: the record is beside the records of runs, and a quiet poll makes few requests."""

import datetime as dt
from collections import Counter

from orchestration.follow.poll import PollResult, Session, poll
from orchestration.run import extract
from pipelines.lake import manifest
from pipelines.lake.lock import held
from tests.account import Account
from tests.simulators.aws.server import Cloud


def polled(account: Account, session: Session) -> PollResult:
    now = dt.datetime.fromisoformat(account.demo_server.clock(minutes=35)).replace(tzinfo=None)
    return poll(account.settings, now, session)


def test_a_quiet_poll_on_s3_writes_its_record_and_its_lock_only(account: Account, cloud: Cloud) -> None:
    account.demo_server.clock(now="2026-11-04T01:00:00Z")
    extract(account.ready())
    session = Session()
    assert polled(account, session).outcome == "read"
    before = cloud.objects()
    cloud.front.forget()
    found = polled(account, session)
    assert (found.outcome, found.new_plays) == ("read", 0)
    sent = Counter(request.split()[0] for request in cloud.front.log)
    assert sent == {"s3.GetObject": 14, "s3.PutObject": 2, "s3.DeleteObject": 1}
    after = cloud.objects()
    assert {key for key in after if after[key] != before.get(key)} == {f"lake/{manifest.LAST_POLL}"}


def test_a_run_on_another_machine_makes_the_poll_skip(account: Account, cloud: Cloud) -> None:
    extract(account.ready())
    there = account.folder / "there"
    with held(account.lake, there, "extract"):
        assert polled(account, Session()).outcome == "busy"
