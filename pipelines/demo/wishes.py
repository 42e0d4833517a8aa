"""What tests wish for: changes of the account, now or after so many answers, or poison in the answers."""

from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.changes import change
from pipelines.demo.poison import Poison
from pipelines.demo.world import World

Json = dict[str, Any]


@dataclass
class Pending:
    """A wish that waits for `calls` more answers of `path`."""

    path: str
    calls: int
    wish: Json


@dataclass
class Wishes:
    """Poison at work, wishes held back."""

    world: World
    poisons: list[Poison] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)

    def wish(self, wish: Json) -> Json:
        """Carries a wish out, or holds it back."""
        if "when" in wish:
            when = wish["when"]
            self.pending.append(
                Pending(when["path"], when.get("calls", 1), {k: v for k, v in wish.items() if k != "when"})
            )
            return {"pending": True}
        if wish["op"] == "poison":
            self.poisons.append(Poison(**{key: value for key, value in wish.items() if key != "op"}))
            return {"poisoned": wish["path"]}
        if wish["op"] == "heal":
            self.poisons.clear()
            return {"poisoned": None}
        return change(self.world, wish)

    def poisoned(self, path: str, body: Any) -> Any:
        """An answer with all the poison that is meant for it."""
        for poison in self.poisons:
            if poison.path == path:
                body = poison.into(body)
        return body

    def answered(self, path: str) -> None:
        """Counts an answer; a wish whose time has come is carried out before the next call."""
        for held in [held for held in self.pending if held.path == path]:
            held.calls -= 1
            if held.calls <= 0:
                self.pending.remove(held)
                self.wish(held.wish)
