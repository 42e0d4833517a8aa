"""What unfinished reads have shown, so that a later read can agree with them."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Doubt:
    """How many reads in a row gave the same evidence, and the time between the first and the last of them."""

    reads: int
    age: dt.timedelta


def doubt(state: dict[str, Any], evidence: str, now: dt.datetime) -> Doubt:
    """Remember in `state["doubt"]` what an unfinished read has shown. Other evidence begins anew."""
    kept = state.get("doubt") or {}
    if kept.get("evidence") != evidence:
        kept = {"evidence": evidence, "reads": 0, "since": now.isoformat()}
    state["doubt"] = kept | {"reads": kept["reads"] + 1, "at": now.isoformat()}
    return Doubt(kept["reads"] + 1, now - dt.datetime.fromisoformat(kept["since"]))


def fingerprint(values: Iterable[Any]) -> str:
    """A short text that is equal for equal values in any order."""
    return hashlib.blake2b("\n".join(sorted(map(repr, values))).encode(), digest_size=8).hexdigest()
