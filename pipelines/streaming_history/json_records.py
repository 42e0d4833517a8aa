"""Reads a JSON array record by record, in bounded memory, and goes on after a record that cannot be read.

DuckDB reads files many times faster, but refuses a whole file because of one record. This is for those files.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from pipelines.streaming_history.shapes import UNREADABLE, Package

FIRST, LONGEST = 2**16, 2**20
TOO_LONG = f"longer than {LONGEST:,} characters"
SPACE = re.compile(r"[\s,]*")
# What stands before the next record: NEXT_RECORD after a broken record, NEXT_OBJECT after text that is no record.
NEXT_RECORD, NEXT_OBJECT = re.compile(r"[}\]]\s*,\s*(?=\{)"), re.compile(r",\s*(?=\{)")


class Record(NamedTuple):
    """A record, or the reason why there is none."""

    value: dict[str, Any]
    reason: str = ""


class NotRecords(Exception):
    """The text is no JSON array."""


def read_records(file: TextIO) -> Iterator[Record]:
    """The records of a JSON array, in order. Raises NotRecords and UnicodeDecodeError."""
    decoder = json.JSONDecoder()
    text, at, is_all = file.read(FIRST).lstrip(), 1, False
    if not text.startswith("["):
        raise NotRecords
    while True:
        found = SPACE.match(text, at)
        at = found.end() if found else at
        if text[at : at + 1] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            if not is_all and len(text) - at <= LONGEST:
                more = file.read(LONGEST)
                text, at, is_all = text[at:] + more, 0, not more
                continue
            if at == len(text):
                yield Record({}, "the file ends without the end of its list")
                return
            following = NEXT_RECORD if text[at] in "{[" else NEXT_OBJECT
            after = following.search(text, at, at + LONGEST)
            yield Record({}, "not JSON" if after or is_all else TOO_LONG)
            while after is None and not is_all:
                more = file.read(LONGEST)
                text, at, is_all = text[-LONGEST:] + more, 0, not more
                after = following.search(text)
            after = after or following.search(text, at)
            if after is None:
                return  # no record begins after this one
            at = after.end()
            continue
        reason = TOO_LONG if end - at > LONGEST else "" if isinstance(value, dict) else "not an object"
        yield Record({} if reason else value, reason)
        at = end


def rewrite(source: Path, target: Path, package: Package) -> None:
    """Write a file that DuckDB can read: the read keys of each record, and the reason where there is no record.

    The records keep their places. Raises NotRecords and UnicodeDecodeError.
    """
    with source.open(encoding="utf-8-sig") as file, target.open("w", encoding="utf-8") as out:
        separator = "["
        for record in read_records(file):
            out.write(f"{separator}\n{_line(record, package)}")
            separator = ","
        out.write("]" if separator == "," else "[]")


def _line(record: Record, package: Package) -> str:
    fields = {name: record.value[name] for name in package.fields if name in record.value}
    try:
        line = json.dumps({UNREADABLE: record.reason} if record.reason else fields, ensure_ascii=False, allow_nan=False)
        line.encode()
    except ValueError:  # half of a surrogate pair, or a number that JSON does not have
        return json.dumps({UNREADABLE: "holds a sign or a number that cannot be stored"})
    return line
