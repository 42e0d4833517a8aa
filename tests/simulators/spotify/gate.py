"""The outermost layer of a demo server under test: it logs requests, and changes or replaces answers."""

import asyncio
import json
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlencode

from pipelines.demo.server import App, Message, Receive, Send
from pipelines.demo.world.playlists import LISTENER
from pipelines.demo.world.world import World
from tests.simulators.spotify.changes import Changes
from tests.simulators.spotify.faults import Fault
from tests.simulators.spotify.quota import Quota
from tests.simulators.spotify.switches import Switches

Json = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""

PREMIUM_ENDED = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, "
    "it can take a few hours before requests are allowed again."
)
NOT_LISTED = (
    "The user is not registered for this application. "
    "Please check your settings on https://developer.spotify.com/dashboard."
)


class Gate:
    """An ASGI application around another. A trailing slash is removed from paths. Control calls pass unchanged."""

    def __init__(self, app: App, world: World, switches: Switches, quota: Quota, changes: Changes) -> None:
        self.app = app
        self.world = world
        self.switches = switches
        self.quota = quota
        self.changes = changes
        self.faults: list[Fault] = []
        self.log: list[Json] = []

    def counts(self) -> Counter[str]:
        return Counter(f"{line['method']} {line['path']}" for line in self.log)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/") or "/"
        if path.startswith("/__control"):
            await self.app(scope, receive, send)
            return
        method, query = scope["method"], scope["query_string"].decode()
        line: Json = {"method": method, "path": path, "query": query, "status": None}
        self.log.append(line)
        fault = next((fault for fault in self.faults if fault.strikes(method, path)), None)
        if wait_s := self.switches.latency_ms / 1000 + (fault.delay_s if fault else 0):
            await asyncio.sleep(wait_s)
        if fault and fault.kind == "drop":
            await drop(receive, send)
            return
        if fault and fault.kind == "answer":
            status, headers, body = fault.answer()
        elif refusal := self._refusal(method, path, query):
            status, headers, body = refusal
        else:
            status, headers, body = await self._answer({**scope, "path": path, "raw_path": path.encode()}, receive)
        if fault and fault.kind == "empty":
            body = b""
        if fault and fault.kind == "truncate":
            body = body[: len(body) // 2]
        line["status"] = status
        headers |= {"content-length": str(len(body))}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    def _refusal(self, method: str, path: str, query: str) -> Answer | None:
        """The answer to a call that a switch or a quota refuses."""
        if path == "/authorize" and self.switches.deny:
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            denied = {"error": "access_denied"} | ({"state": asked["state"]} if "state" in asked else {})
            return 302, {"location": f"{asked['redirect_uri']}?{urlencode(denied)}"}, b""
        if not path.startswith("/v1/"):
            return None
        if not self.switches.premium:
            return 403, {"content-type": "text/plain; charset=utf-8"}, PREMIUM_ENDED.encode()
        if not self.switches.listed_user:
            body = {"error": {"status": 403, "message": NOT_LISTED}}
            return 403, {"content-type": "application/json"}, json.dumps(body).encode()
        return self.quota.spend(path, self.world.now)

    async def _answer(self, scope: Message, receive: Receive) -> Answer:
        """The answer of the wrapped app, after wrong values and switches are applied."""
        parts: list[Message] = []

        async def keep(message: Message) -> None:
            parts.append(message)

        await self.app(scope, receive, keep)
        path, body = scope["path"], b"".join(part.get("body", b"") for part in parts[1:])
        headers = {name.decode(): value.decode() for name, value in parts[0]["headers"]}
        if parts[0]["status"] == 200:
            body = self.changes.poisoned(path, body)
        if path == "/v1/me/playlists" and self.switches.users_path_in_next:
            body = body.replace(b"/v1/me/playlists?", f"/v1/users/{LISTENER}/playlists?".encode())
        if path == "/api/token" and self.switches.omit_refresh_token:
            body = json.dumps({key: one for key, one in json.loads(body).items() if key != "refresh_token"}).encode()
        self.changes.answered(path)
        if self.changes.breaks(path, body):
            return Fault(path).answer()
        return parts[0]["status"], headers, body


async def drop(receive: Receive, send: Send) -> None:
    """Close the connection. ASGI has no message for this; `send` is a method of uvicorn's request cycle."""
    cycle: Any = getattr(send, "__self__", None)
    cycle.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
