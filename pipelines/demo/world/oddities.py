"""What is odd about the plays that recently played shows: pauses, short plays, plays that it shows twice."""

from random import Random

from pipelines.demo.world.chance import pick
from pipelines.demo.world.clock import HOUR, MINUTE, SECOND
from pipelines.demo.world.listening import WholePlay
from pipelines.demo.world.play import SHORT_MS, Play

PAUSES = (
    *((5 * SECOND, MINUTE),) * 37,
    *((MINUTE, 10 * MINUTE),) * 27,
    *((10 * MINUTE, HOUR),) * 29,
    *((HOUR, 12 * HOUR),) * 7,
)
"""Lengths of pauses, as in real histories: 37 % are shorter than a minute, 7 % longer than an hour."""

PAUSED_FIRST_PLAYS = 0.75
"""The first play of a session has free time before it, so only it can be paused. About one play in five is."""

PAUSED_OVER_NIGHT = 0.8
LEFT_EARLY = 0.1
LEFT_WITHIN_30_SECONDS = 0.01
LEFT_AT_ONCE = 0.04
TWICE = 0.001


def shown(draw: Random, whole: WholePlay, length: int, is_first: bool) -> Play:
    """A play that recently played shows. It ends when the whole play would; when it was left early, it began later."""
    luck = draw.random()
    ms, reason_end = length, "trackdone"
    if luck < LEFT_EARLY:
        ms = draw.randrange(5 * SECOND, SHORT_MS) if luck < LEFT_WITHIN_30_SECONDS else draw.randrange(SHORT_MS, length)
        reason_end = pick(draw, ("fwdbtn", "endplay", "logout"))
    return Play(
        started_at=whole.ended_at - ms,
        ended_at=whole.ended_at,
        ms_played=ms,
        kind="track",
        item=whole.track,
        uploaded_at=whole.ended_at,
        is_shown=True,
        context=whole.context,
        reason_start=pick(draw, ("clickrow", "clickrow", "playbtn", "appload")) if is_first else "trackdone",
        reason_end=reason_end,
        is_skipped=reason_end == "fwdbtn",
    )


def left_at_once(draw: Random, after: int, track: int) -> Play:
    """A play under 30 seconds right after another one. Recently played shows it all the same."""
    start = after + draw.randrange(SECOND)
    ms = draw.randrange(11 * SECOND, SHORT_MS - SECOND)
    end = start + ms
    return Play(start, end, ms, "track", track, end, True, reason_end="fwdbtn", is_skipped=True)


def first_try(draw: Random, play: Play) -> Play:
    """The start of a play that failed, less than a second before its end. Both are shown, and both are exported."""
    end = play.ended_at - draw.randrange(50, SECOND)
    ms = draw.randrange(SECOND)
    return play._replace(started_at=end - ms, ended_at=end, uploaded_at=end, ms_played=ms, reason_end="trackerror")


def paused(draw: Random, play: Play, free_from: int) -> Play:
    """The play with a pause, if there is free time before it: it began earlier."""
    free = play.started_at - free_from - SECOND
    is_morning = free > 6 * HOUR and draw.random() < PAUSED_OVER_NIGHT
    least, most = (6 * HOUR, free) if is_morning else pick(draw, PAUSES)
    return play._replace(started_at=play.started_at - max(0, min(draw.randrange(least, most), free)))
