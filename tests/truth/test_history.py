"""The listening history of the demo account has what real histories have, in about the same shares."""

from itertools import pairwise

import pytest

from pipelines.demo.world.clock import DAY, HOUR, MINUTE, moment
from pipelines.demo.world.play import Play
from pipelines.demo.world.world import Options, World

DAYS = 60
NOW = moment("2026-11-02T00:00:00Z")


@pytest.fixture(scope="module")
def world() -> World:
    return World(Options(NOW))


@pytest.fixture(scope="module")
def plays(world: World) -> list[Play]:
    return list(world.history.between(NOW - DAYS * DAY, NOW))


def share(of: list[Play], those: list[Play]) -> float:
    return len(those) / len(of)


def test_one_long_play_in_seven_is_never_shown(plays: list[Play]) -> None:
    long = [play for play in plays if not play.is_short]
    assert 0.13 < share(long, [play for play in long if not play.is_shown]) < 0.17
    assert not any(play.is_shown for play in plays if play.is_private or play.kind != "track")
    assert any(play.is_private for play in plays)


def test_some_short_plays_are_shown_and_most_are_not(plays: list[Play]) -> None:
    shown = [play for play in plays if play.is_shown]
    assert 0.01 < share(shown, [play for play in shown if play.is_short]) < 0.04
    assert 0.15 < share(plays, [play for play in plays if play.is_short and not play.is_shown]) < 0.35


def test_one_play_in_five_is_paused_and_some_for_hours(plays: list[Play]) -> None:
    long = [play for play in plays if not play.is_short]
    assert 0.15 < share(long, [play for play in long if play.paused_ms > 5_000]) < 0.25
    assert any(play.paused_ms > 6 * HOUR for play in plays)
    assert any(play.started_at // DAY < play.ended_at // DAY for play in plays)


def test_remote_devices_report_more_than_was_heard(plays: list[Play]) -> None:
    remote = [play for play in plays if play.paused_ms < -MINUTE]
    assert remote
    assert {play.reason_start for play in remote} == {"remote"}


def test_recently_played_shows_plays_of_an_offline_session_together_when_it_is_uploaded(world: World) -> None:
    plays = world.history.between(NOW - DAYS * DAY, NOW)
    late = [play for play in plays if play.is_shown and play.uploaded_at > play.ended_at]
    assert late
    assert all(play.is_offline for play in late)
    upload = late[0].uploaded_at
    together = [play for play in late if play.uploaded_at == upload]
    assert not set(together) & set(world.history.last(upload - 1, 200))
    assert set(together) <= set(world.history.last(upload, 200))


def test_some_plays_are_shown_twice_within_a_second(world: World) -> None:
    shown = [play for play in world.history.between(NOW - 4 * DAYS * DAY, NOW) if play.is_shown]
    pairs = pairwise(shown)
    twice = [(one, other) for one, other in pairs if other.ended_at - one.ended_at < 1000]
    assert twice
    assert all(one.item == other.item for one, other in twice)


def test_plays_of_one_device_do_not_overlap(plays: list[Play]) -> None:
    single = [play for play in plays if play.reason_end != "trackerror"]
    assert all(one.ended_at <= other.started_at for one, other in pairwise(single))


def test_days_are_the_same_in_any_order(plays: list[Play]) -> None:
    other = World(Options(NOW))
    for day in (5, 2, 40):
        start = NOW - day * DAY
        expected = [play for play in plays if start <= play.ended_at < start + DAY]
        assert list(other.history.between(start, start + DAY)) == expected
