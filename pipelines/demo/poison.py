"""Values put into answers in place of the true ones: what a row function has to survive."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass
class Poison:
    """`field` with dots inside the row at `index` of the whole listing.

    Without an index it is a field of the answer itself. An empty `field` replaces the row. `remove` takes the key away.
    """

    path: str
    index: int | None = None
    field: str = ""
    value: Any = None
    remove: bool = False

    def into(self, body: Any) -> Any:
        """The answer with the poison in it."""
        if self.index is None:
            return self._put(body, self.field.split(".")) if self.field else self.value
        page = body["artists"] if isinstance(body, dict) and "artists" in body else body
        rows = page["items"] if isinstance(page, dict) else page
        place = self.index - (page.get("offset", 0) if isinstance(page, dict) else 0)
        if 0 <= place < len(rows):
            rows[place] = self._put(rows[place], self.field.split(".")) if self.field else self.value
        return body

    def _put(self, target: Any, keys: list[str]) -> Any:
        """A copy: rows share the objects that repeat, which must stay clean."""
        key, rest = keys[0], keys[1:]
        if isinstance(target, list):
            return [self._below(one, rest) if str(place) == key else one for place, one in enumerate(target)]
        if not isinstance(target, dict):
            return target
        if self.remove and not rest:
            return {other: one for other, one in target.items() if other != key}
        return target | {key: self._below(target.get(key), rest)}

    def _below(self, target: Any, keys: list[str]) -> Any:
        return self._put(target, keys) if keys else self.value
