"""A Glue client that returns a long list of tables in pages, as AWS does."""

import json
from typing import Any

from pipelines.aws.session import AwsSession


class InPages(AwsSession):
    def client(self, service: str) -> Any:
        client = super().client(service)
        in_pages(client.meta.events)
        return client


def in_pages(events: Any) -> None:
    """Glue returns at most 100 tables in an answer. moto returns all, so this cuts its answer."""
    asked: list[int] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        asked.append(int(json.loads(params["body"]).get("NextToken", 0)))

    def cut(parsed: dict[str, Any], **_: Any) -> None:
        start, whole = asked[-1], parsed["TableList"]
        parsed["TableList"] = whole[start : start + 100]
        if len(whole) > start + 100:
            parsed["NextToken"] = str(start + 100)

    events.register("before-call.glue.GetTables", note)
    events.register("after-call.glue.GetTables", cut)
