"""Splits SQL into words, names, texts and signs, without comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PATTERN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<text>'(?:[^']|'')*')
      | (?P<name>`[^`]+`|"(?:[^"]|"")+")
      | (?P<word>\w+)
      | (?P<sign>.)""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str
    raw: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """A word in lower case, a name or text without its quotes."""
        if self.kind in ("text", "name"):
            quote = self.raw[0]
            return self.raw[1:-1].replace(quote * 2, quote)
        return self.raw.lower()


def tokens(sql: str) -> list[Token]:
    found = PATTERN.finditer(sql)
    return [Token(match.lastgroup or "", match.group(), *match.span()) for match in found if match.lastgroup != "space"]


class Unexpected(Exception):
    """The SQL does not follow the grammar."""


class Reader:
    """Reads tokens from left to right; names are `[catalog.]database.table`."""

    def __init__(self, sql: str) -> None:
        self.tokens = tokens(sql)
        self.at = 0

    @property
    def is_done(self) -> bool:
        return self.at == len(self.tokens)

    def take(self, phrase: str) -> bool:
        """Read these words if they come next. Returns whether they came next."""
        words = phrase.split()
        following = self.tokens[self.at : self.at + len(words)]
        if [token.raw.lower() for token in following] != words:
            return False
        self.at += len(words)
        return True

    def need(self, phrase: str) -> None:
        if not self.take(phrase):
            raise Unexpected(f"expecting {phrase!r} at {self._next().raw!r}" if not self.is_done else phrase)

    def one(self, *kinds: str) -> str:
        token = self._next()
        if token.kind not in kinds:
            raise Unexpected(f"mismatched input {token.raw!r}")
        self.at += 1
        return token.value

    def name(self) -> tuple[str | None, str]:
        """The database (None if there is none) and the name, both in lower case, as in Glue."""
        parts = [self.one("word", "name").lower()]
        while self.take("."):
            parts.append(self.one("word", "name").lower())
        return (parts[-2] if len(parts) > 1 else None), parts[-1]

    def texts(self) -> dict[str, str]:
        """`('key' = 'value', ...)`."""
        found = {}
        self.need("(")
        while True:
            key = self.one("text")
            self.need("=")
            found[key] = self.one("text")
            if not self.take(","):
                self.need(")")
                return found

    def items(self) -> Iterator[list[Token]]:
        """The tokens between the commas of a `( ... )`. Inner brackets are part of an item."""
        self.need("(")
        depth, item = 0, list[Token]()
        while True:
            token = self._next()
            self.at += 1
            if depth == 0 and token.raw in (",", ")"):
                yield item
                item = []
                if token.raw == ")":
                    return
                continue
            depth += (token.raw in ("(", "[", "<")) - (token.raw in (")", "]", ">"))
            item.append(token)

    def _next(self) -> Token:
        if self.is_done:
            raise Unexpected("mismatched input '<EOF>'")
        return self.tokens[self.at]
