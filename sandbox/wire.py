"""The faults of the wire: layers between an emulator and whoever calls it.

Over a socket the connection itself is ended, hung or cut (sandbox/serve.py gives it along). In a process, over httpx's
ASGI transport, the error is raised that the library would have raised, at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import httpx2
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.complaints import COMPLAINTS, plain
from sandbox.faults import Switch, Wire
from sandbox.world import World

GATEWAY_PAGE: Final = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>"""
BROKEN: Final = b'{"ok": tru'


def _in_process(scope: Scope) -> bool:
    return "transport" not in scope.get("state", {})


async def _end(scope: Scope, abruptly: bool = True) -> None:
    """End the connection under the request."""
    transport = scope["state"]["transport"]
    transport.abort() if abruptly else transport.close()
    # The server has to notice before the application returns without an answer.
    for _ in range(3):
        await asyncio.sleep(0)


class _Held:
    """Keeps an answer back until it is whole."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    def start_with(self, length: int) -> Message:
        """The beginning of the answer with another length."""
        kept = [(name, value) for name, value in self.start["headers"] if name.lower() != b"content-length"]
        return {**self.start, "headers": [*kept, (b"content-length", str(length).encode())]}


Strike = Callable[[Switch, ASGIApp, Scope, Receive, Send], Awaitable[None]]


async def _hang(switch: Switch, _app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    if _in_process(scope):
        raise httpx2.ReadTimeout("the sandbox never answers")
    try:
        async with asyncio.timeout(switch.ends):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        await _end(scope)


async def _error(switch: Switch, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await _complaint(switch, 500)(scope, receive, send)


async def _too_many(switch: Switch, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await _complaint(switch, 429)(scope, receive, send)


def _complaint(switch: Switch, status: int) -> Response:
    return COMPLAINTS.get(switch.service, plain)(status, switch.seconds)


async def _gateway(_switch: Switch, _app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await HTMLResponse(GATEWAY_PAGE, 502)(scope, receive, send)


async def _reset(_switch: Switch, _app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    # The request is taken whole first: whoever sent it cannot know that nothing was done.
    while (message := await receive())["type"] == "http.request" and message.get("more_body"):
        pass
    if _in_process(scope):
        raise httpx2.ReadError("connection reset by peer")
    await _end(scope)


async def _truncated(_switch: Switch, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    held = _Held()
    await app(scope, receive, held)
    if _in_process(scope):
        raise httpx2.RemoteProtocolError("peer closed connection without sending complete message body")
    await send(held.start_with(max(len(held.body), 2)))
    await send({"type": "http.response.body", "body": held.body[: len(held.body) // 2], "more_body": True})
    await _end(scope, abruptly=False)


async def _malformed(_switch: Switch, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    held = _Held()
    await app(scope, receive, held)
    await send(held.start_with(len(BROKEN)))
    await send({"type": "http.response.body", "body": BROKEN})


async def _lost_reply(_switch: Switch, app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    await app(scope, receive, _Held())
    if _in_process(scope):
        raise httpx2.ReadError("connection reset by peer")
    await _end(scope)


STRIKES: Final[Mapping[str, Strike]] = {
    Wire.HANG: _hang,
    Wire.ERROR: _error,
    Wire.TOO_MANY: _too_many,
    Wire.GATEWAY: _gateway,
    Wire.RESET: _reset,
    Wire.TRUNCATED: _truncated,
    Wire.MALFORMED: _malformed,
    Wire.LOST_REPLY: _lost_reply,
}


def faulty(app: ASGIApp, service: str, world: World) -> ASGIApp:
    """An emulator behind the switches of the wire."""
    names = tuple(fault.value for fault in Wire)
    world.faults.offer(service, *names)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await struck(scope, receive, send)
        except ClientDisconnect:
            # Whoever called was killed with the question on its lips.
            world.journal.note(service, "the caller is gone")

    async def struck(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        spared = any(path.startswith(each) for each in world.faults.spared.get(service, ()))
        switch = None if spared else world.faults.strikes(service, *names, path=path)
        if switch is None or switch.fault == Wire.SLOW:
            if switch is not None:
                await world.sleep(switch.seconds)
            await app(scope, receive, send)
            return
        await STRIKES[switch.fault](switch, app, scope, receive, send)

    return answer
