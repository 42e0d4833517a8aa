"""What the listener was told and when, so that the same failure is not told every hour."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines import durable

# A little less than a day, because a daily run does not start at the same second.
DAILY = dt.timedelta(hours=23)
# How long a reason must hold before it is told. Two runs that overlap, a failure that a second try mends, or a resource
# that stops once, need nobody.
PATIENCE = {"busy": dt.timedelta(hours=3), "tried": dt.timedelta(minutes=30), "stopped": dt.timedelta(days=2)}
# A person who was told once knows these.
ONCE = ("consent-30", "consent-7", "locked", "stopped")


@dataclass(frozen=True)
class Reason:
    """One reason that holds now. `since` and `told_at` are naive UTC; `told_at` is None until somebody was told."""

    text: str
    since: dt.datetime
    told_at: dt.datetime | None = None


@dataclass(frozen=True)
class Notice:
    """What to tell now: reasons that are due, and texts of reasons that are over. `reasons` is what to keep."""

    due: dict[str, str] = field(default_factory=dict)
    over: list[str] = field(default_factory=list)
    reasons: dict[str, Reason] = field(default_factory=dict)

    @property
    def message(self) -> str:
        lines = [*self.due.values(), *(f"Over: {text}" for text in self.over)]
        return "\n".join(lines if self.due or not self._is_all_well else ["Everything is well again.", *lines])

    @property
    def _is_all_well(self) -> bool:
        return not any(reason.told_at for reason in self.reasons.values())

    def told(self, now: dt.datetime) -> dict[str, Reason]:
        """The reasons to keep after the message was delivered."""
        return {
            key: Reason(reason.text, reason.since, now) if key in self.due else reason
            for key, reason in self.reasons.items()
        }


def notice(kept: Mapping[str, Reason], current: Mapping[str, str], now: dt.datetime) -> Notice:
    """Compare the reasons that hold now, text by key, with the kept ones."""
    reasons = {}
    due = {}
    for key, text in current.items():
        before = kept.get(key)
        is_known = before is not None and _cause(key, before.text) == _cause(key, text)
        reason = Reason(text, before.since if before else now, before.told_at if before and is_known else None)
        reasons[key] = reason
        if _is_due(key, reason, now):
            due[key] = text
    families = {_family(key) for key in current}
    over = [
        reason.text
        for key, reason in kept.items()
        if reason.told_at and key not in current and _family(key) not in families
    ]
    return Notice(due, over, reasons)


def _is_due(key: str, reason: Reason, now: dt.datetime) -> bool:
    if now - reason.since < PATIENCE.get(_kind(key), dt.timedelta()):
        return False
    return reason.told_at is None or (not key.startswith(ONCE) and now - reason.told_at >= DAILY)


def _cause(key: str, text: str) -> str:
    """A failure with another exit code is another failure: `make extract` ended with exit code 4."""
    return text.partition(": ")[0] if _kind(key) == "failed" else ""


def _kind(key: str) -> str:
    """The first word of a key: `stopped` of `stopped:saved_shows`."""
    return key.partition(":")[0]


def _family(key: str) -> str:
    """Reasons that follow each other: the consent that ends in 30 days, in 7 days, and has ended."""
    return "consent" if key.startswith("consent") else key


def read(file: Path) -> dict[str, Reason]:
    """The kept reasons; none when the file is missing or damaged, so that everything is told again."""
    try:
        return parsed(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def parsed(found: Any) -> dict[str, Reason]:
    """The reasons in a JSON record that `as_json` made; none when it was made otherwise."""
    try:
        return {key: Reason(one["text"], _time(one["since"]), _time(one["told_at"])) for key, one in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def write(file: Path, reasons: Mapping[str, Reason]) -> None:
    durable.write(file, json.dumps(as_json(reasons), indent=1, default=str).encode())


def as_json(reasons: Mapping[str, Reason]) -> dict[str, Any]:
    return {key: {"text": one.text, "since": one.since, "told_at": one.told_at} for key, one in reasons.items()}


def _time(text: str | None) -> Any:
    return dt.datetime.fromisoformat(text) if text else None
