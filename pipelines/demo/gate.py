"""The outermost layer: logs every call, lets faults strike, waits as long as it was told to."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pipelines.demo.faults import Fault

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CONTROL = "/__control"


class Gate:
    """Wraps the application. Paths are logged without a trailing slash, control calls not at all."""

    def __init__(self, app: App, latency_ms: float) -> None:
        self.app = app
        self.latency_ms = latency_ms
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter()
        self.log: list[dict[str, Any]] = []

    def forget(self) -> None:
        """Empties the request log."""
        self.counts.clear()
        self.log.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].rstrip("/") or "/"
        scope["path"] = path
        scope["raw_path"] = path.encode()
        if path.startswith(CONTROL):
            await self.app(scope, receive, send)
            return
        line = {"method": scope["method"], "path": path, "query": scope["query_string"].decode(), "status": None}
        self.counts[f"{scope['method']} {path}"] += 1
        self.log.append(line)

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                line["status"] = message["status"]
                line["client_id"] = scope.get("listener.client")
            await send(message)

        fault = next((fault for fault in self.faults if fault.strikes(scope["method"], path)), None)
        wait_s = self.latency_ms / 1000 + (fault.delay_s if fault else 0)
        if wait_s:
            await asyncio.sleep(wait_s)
        match fault.kind if fault else "":
            case "answer" if fault:
                await answer(noted, fault.status, *fault.content(), fault.headers)
            case "empty":
                await answer(noted, 200, b"", "application/json", {})
            case "truncate":
                await truncated(self.app, scope, receive, noted)
            case "drop":
                await dropped(receive, send)
            case _:
                await self.app(scope, receive, noted)


async def answer(send: Send, status: int, body: bytes, content_type: str, headers: dict[str, str]) -> None:
    """A whole answer."""
    lines = {"content-type": content_type, "content-length": str(len(body))} | headers
    raw = [(name.lower().encode(), value.encode()) for name, value in lines.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def truncated(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """The first half of the true answer."""
    parts: list[Message] = []

    async def keep(message: Message) -> None:
        parts.append(message)

    await app(scope, receive, keep)
    body = b"".join(part.get("body", b"") for part in parts[1:])
    await answer(send, parts[0]["status"], body[: len(body) // 2], "application/json; charset=utf-8", {})


async def dropped(receive: Receive, send: Send) -> None:
    """Closes the connection: `send` belongs to uvicorn's request cycle, which ASGI gives no other way to end."""
    cycle: Any = getattr(send, "__self__", None)
    cycle.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
