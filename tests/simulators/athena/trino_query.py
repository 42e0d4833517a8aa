"""Runs a statement with Trino's REST protocol: POST it, then follow `nextUri` until there is none."""

from collections.abc import Callable, Iterator
from typing import Any

import requests

Json = dict[str, Any]


class TrinoFailed(Exception):
    """Trino refused a statement or could not finish it."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error['errorName']}: {error['message']}")
        self.kind: str = error["errorType"]


class TrinoQuery:
    """`pages()` gives Trino's answers. Each has `stats`, some have `columns` and `data`. `id` is Trino's own."""

    def __init__(self, url: str, sql: str, database: str | None, compression: str | None) -> None:
        self.sql = sql
        self.session = requests.Session()
        self.session.trust_env = False
        headers = {"X-Trino-User": "athena", "X-Trino-Catalog": "awsdatacatalog", "X-Trino-Time-Zone": "UTC"}
        if database:
            headers["X-Trino-Schema"] = database
        if compression:
            headers["X-Trino-Session"] = f"awsdatacatalog.compression_codec={compression}"
        self.session.headers.update(headers)
        self.url = url
        self.id = ""
        self.next: str | None = None

    def pages(self, watch: Callable[[Json], None]) -> Iterator[Json]:
        """Raises TrinoFailed. `watch` gets the statistics; if it raises, the statement is stopped."""
        with self.session:
            page = self._answer("POST", f"{self.url}/v1/statement", self.sql.encode())
            self.id = page["id"]
            while True:
                self.next = page.get("nextUri")
                if "error" in page:
                    raise TrinoFailed(page["error"])
                try:
                    watch(page["stats"])
                except Exception:
                    if self.next:
                        self._answer("DELETE", self.next)
                    raise
                yield page
                if not self.next:
                    return
                page = self._answer("GET", self.next)

    def _answer(self, method: str, url: str, body: bytes | None = None) -> Json:
        answer = self.session.request(method, url, data=body, timeout=600)
        answer.raise_for_status()
        parsed: Json = answer.json() if answer.content else {}
        return parsed
