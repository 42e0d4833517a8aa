"""Ids as the Web API has them: 22 base-62 characters. Each stands for a kind and a number."""

from functools import lru_cache

from pipelines.demo.world.chance import chance

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
VALUES = {pair: value for value, pair in enumerate(PAIRS)}
LENGTH = 22
SPACE: int = 62**LENGTH
# A kind's place in this list is part of every id. "chapter" has no objects; its place is kept.
KINDS = ("artist", "album", "track", "show", "episode", "audiobook", "chapter", "playlist")
PER_KIND = 10**9


class Ids:
    """Turns numbers into ids and back without a table: multiplication modulo 62^22 by a factor that has an inverse."""

    def __init__(self, seed: int) -> None:
        draw = chance(seed, "ids")
        self.factor = next(n for n in iter(lambda: draw.randrange(SPACE // 62, SPACE), 0) if n % 2 and n % 31)
        self.shift = draw.randrange(SPACE)
        self.inverse = pow(self.factor, -1, SPACE)
        self.of = lru_cache(50_000)(self._of)

    def _of(self, kind: str, number: int) -> str:
        rest = ((KINDS.index(kind) * PER_KIND + number) * self.factor + self.shift) % SPACE
        pairs = []
        for _ in range(LENGTH // 2):
            rest, pair = divmod(rest, 62 * 62)
            pairs.append(PAIRS[pair])
        return "".join(reversed(pairs))

    def number(self, kind: str, text: str) -> int | None:
        """The number of an id, or None when it is no id of this kind."""
        if not is_id(text):
            return None
        value = 0
        for at in range(0, LENGTH, 2):
            value = value * 62 * 62 + VALUES[text[at : at + 2]]
        found, number = divmod((value - self.shift) * self.inverse % SPACE, PER_KIND)
        return number if found == KINDS.index(kind) else None


def is_id(text: str) -> bool:
    """Whether a text has the form of an id. Other texts are answered with 400 instead of 404."""
    return len(text) == LENGTH and text.isascii() and text.isalnum()
