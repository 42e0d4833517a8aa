"""What recently played shows when it is asked at certain moments."""

from collections.abc import Iterable

from pipelines.demo.world.clock import SECOND
from pipelines.demo.world.play import Play
from pipelines.demo.world.world import World

WINDOW = 50


def shown(world: World, moments: Iterable[int]) -> list[Play]:
    """The plays that recently played shows at any of the moments, each once.

    A play and the failed start of the same play are one: Spotify shows both within a second.
    """
    found = sorted(
        {play for now in moments for play in world.history.last(now, WINDOW)}, key=lambda play: play.ended_at
    )
    return [play for place, play in enumerate(found) if not (place and is_again(found[place - 1], play))]


def is_again(earlier: Play, play: Play) -> bool:
    """Whether Spotify shows the same play a second time."""
    return earlier.item == play.item and play.ended_at - earlier.ended_at < SECOND
