"""Passes requests on to another process of this machine: the sidecar, the staff office.

Hop-by-hop headers stay here, forwarding headers are our own word and never the visitor's, bodies stream both ways.
"""

import ssl
from collections.abc import AsyncIterator
from typing import Final

import httpx2
from starlette.types import Receive, Scope, Send

HOP_BY_HOP: Final = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
        b"trailer", b"transfer-encoding", b"upgrade", b"expect",
    }
)  # fmt: skip
FORWARDING: Final = frozenset(
    {
        b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-prefix",
        b"x-forwarded-proto", b"x-original-url", b"x-real-ip", b"x-rewrite-url",
    }
)  # fmt: skip
PATIENCE: Final = {"connect": 2.0, "read": 60.0, "write": 60.0, "pool": 5.0}

RawHeaders = list[tuple[bytes, bytes]]


class UpstreamDown(Exception):
    """The process did not answer; nothing was sent to the visitor yet."""


class VisitorGone(Exception):
    """The visitor left before the body was whole."""


def named_in_connection(headers: RawHeaders) -> frozenset[bytes]:
    """Further headers that the Connection header declares to be of this hop only."""
    values = (value for name, value in headers if name.lower() == b"connection")
    return frozenset(part.strip().lower() for value in values for part in value.split(b","))


def forwarded_headers(scope: Scope) -> RawHeaders:
    """The visitor's headers as the upstream gets them."""
    given: RawHeaders = list(scope["headers"])
    dropped = HOP_BY_HOP | FORWARDING | named_in_connection(given)
    kept = [(name, value) for name, value in given if name.lower() not in dropped]
    client = (scope.get("client") or ("", 0))[0]
    host = next((value for name, value in given if name.lower() == b"host"), b"")
    return [
        *kept,
        (b"x-forwarded-for", str(client).encode("latin-1")),
        (b"x-forwarded-proto", str(scope.get("scheme", "http")).encode("latin-1")),
        (b"x-forwarded-host", host),
    ]


def returned_headers(headers: RawHeaders) -> RawHeaders:
    """The upstream's headers as the visitor gets them."""
    dropped = HOP_BY_HOP | named_in_connection(headers)
    return [(name.lower(), value) for name, value in headers if name.lower() not in dropped]


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise VisitorGone()
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


def _has_body(headers: RawHeaders) -> bool:
    lengths = {name.lower(): value for name, value in headers}
    return b"transfer-encoding" in lengths or lengths.get(b"content-length", b"0") != b"0"


def _transport(address: str) -> httpx2.AsyncBaseTransport:
    # Plain http on this machine: an empty context spares the reading of every certificate authority at the start.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=50)
    uds = address.removeprefix("unix:") if address.startswith("unix:") else None
    return httpx2.AsyncHTTPTransport(verify=context, uds=uds, limits=limits, trust_env=False)


class Upstream:
    """A process behind us, as an ASGI application; `address` is `unix:/path` or `http://127.0.0.1:8001`."""

    def __init__(self, address: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self.base = "http://upstream" if address.startswith("unix:") else address.rstrip("/")
        self.transport = transport or _transport(address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one request on.

        Raises UpstreamDown when there is no answer at all; an answer that breaks off breaks the connection.
        """
        target = scope.get("raw_path") or scope["path"].encode()
        if scope.get("query_string"):
            target += b"?" + scope["query_string"]
        request = httpx2.Request(
            scope["method"],
            self.base + "/",
            headers=forwarded_headers(scope),
            content=_body(receive) if _has_body(scope["headers"]) else None,
            # As the visitor wrote it: nothing on the way may decode or tidy a path that is checked behind us.
            extensions={"timeout": PATIENCE, "target": target},
        )
        try:
            response = await self.transport.handle_async_request(request)
        except (httpx2.TransportError, OSError) as error:
            raise UpstreamDown(str(error)) from error
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": response.status_code,
                    "headers": returned_headers(response.headers.raw),
                }
            )
            stream = response.stream
            assert isinstance(stream, httpx2.AsyncByteStream)  # noqa: S101 - async transports answer nothing else
            async for part in stream:
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Closes the connections kept open."""
        await self.transport.aclose()
