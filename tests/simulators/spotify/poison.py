"""Wrong values in answers, which the loader has to survive."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Poison:
    """Puts `value` at `field`, a path with dots, of the row at `index` of the whole list.

    Without `index` the field is one of the answer itself. Without `field` the whole row is replaced. `remove` removes
    the key.
    """

    path: str
    index: int | None = None
    field: str = ""
    value: Any = None
    remove: bool = False

    def into(self, body: Any) -> Any:
        """The answer with the wrong value in it."""
        if self.index is None:
            return self._put(body, self.field.split(".")) if self.field else self.value
        page = body.get("artists", body)
        rows, place = page["items"], self.index - page.get("offset", 0)
        if 0 <= place < len(rows):
            rows[place] = self._put(rows[place], self.field.split(".")) if self.field else self.value
        return body

    def _put(self, target: Any, keys: list[str]) -> Any:
        if not keys:
            return self.value
        key, rest = keys[0], keys[1:]
        if isinstance(target, list):
            return [self._put(one, rest) if str(place) == key else one for place, one in enumerate(target)]
        if not isinstance(target, dict):
            return target
        if self.remove and not rest:
            return {other: one for other, one in target.items() if other != key}
        return target | {key: self._put(target.get(key), rest)}
