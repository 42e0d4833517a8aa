"""How the JSON of a file is laid out."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Record = dict[str, Any]


def in_parts(records: Sequence[Record], size: int) -> Iterator[Sequence[Record]]:
    """Parts with `size` records each, the last with fewer."""
    for start in range(0, len(records), size):
        yield records[start : start + size]


def minified(records: Sequence[Record]) -> bytes:
    return json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()


def indented(records: Sequence[Record]) -> bytes:
    return json.dumps(records, ensure_ascii=False, indent=2).encode()


def spaced(records: Sequence[Record]) -> bytes:
    """`[ {` and blanks before the colons."""

    texts = []
    for record in records:
        fields = (f'  "{key}" : {json.dumps(value, ensure_ascii=False)}' for key, value in record.items())
        texts.append("{\n" + ",\n".join(fields) + "\n}")
    return f"[ {', '.join(texts)} ]".encode()


LAYOUTS: dict[str, Callable[[Sequence[Record]], bytes]] = {
    "minified": minified,
    "indented": indented,
    "spaced": spaced,
}
