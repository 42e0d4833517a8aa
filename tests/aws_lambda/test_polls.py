"""Polls on Lambda: what the function `extract` does when its event asks for one."""

from typing import Any

import pytest

from orchestration.aws_lambda import extract, transform
from orchestration.follow.poll import PollResult
from pipelines.lake.store import Lake
from pipelines.raw.clock import utc_now
from pipelines.settings import BadSetting
from tests.aws_lambda.test_handlers import CONTEXT, lake, steps

__all__ = ["lake"]


def test_a_poll_with_a_new_play_starts_a_build_and_one_without_starts_none(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ran = steps(monkeypatch, {})
    found = [PollResult("read", utc_now(), 12, new_plays=1), PollResult("not due", utc_now(), 12)]
    monkeypatch.setattr(extract, "poll", lambda settings, now, session: found.pop(0))
    assert extract.handler({"poll": True}, CONTEXT) == {"poll": "read", "rows": 1, "calls": 12, "marker": True}
    assert transform.handler({"at_most_every_hours": 0}, CONTEXT)["built"] is True
    assert extract.handler({"poll": True}, CONTEXT) == {"poll": "not due", "rows": 0, "calls": 12, "marker": False}
    assert transform.handler({"at_most_every_hours": 0}, CONTEXT) == {"built": False}
    assert ran == ["build"]
    assert capfd.readouterr() == ("", "")


def test_a_poll_that_fails_is_logged_and_not_tried_again(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def poll(*arguments: Any) -> PollResult:
        raise BadSetting("LAKE_URL is wrong")

    monkeypatch.setattr(extract, "poll", poll)
    assert extract.handler({"poll": True}, CONTEXT) == {"poll": "failed", "exit_code": 5}
    assert caplog.messages == ["the poll failed: LAKE_URL is wrong"]


def test_a_poll_before_the_first_extract_makes_no_call(lake: Lake) -> None:
    assert extract.handler({"poll": True}, CONTEXT) == {"poll": "paused", "rows": 0, "calls": 0, "marker": False}
