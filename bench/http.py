"""A browser's least part: HTTP/1.1 over one connection that is kept, and cookies. Raw streams, so that it costs little.

The same client drives the shop and the floors; what it does not need it does not understand, and says so.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

PATIENCE: Final = 30.0
"""Seconds for one answer."""


class BadAnswer(Exception):
    """An answer that this client does not understand, or none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, cookies that were set, and the body."""

    status: int
    cookies: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class Connection:
    """One kept connection to `host:port`; opened by the first request, one request at a time."""

    def __init__(self, address: str, site: str) -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        name = site.partition("://")[2]
        self._common = f"Host: {name}\r\nOrigin: {site}\r\nAccept: application/json\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request with a JSON body and its answer. Raises BadAnswer."""
        payload = b"" if body is None else orjson.dumps(body)
        lines = [f"{method} {path} HTTP/1.1\r\n", self._common]
        if cookies:
            lines.append(f"Cookie: {'; '.join(f'{name}={value}' for name, value in cookies.items())}\r\n")
        lines += [f"{name}: {value}\r\n" for name, value in (headers or {}).items()]
        if payload:
            lines.append(f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n")
        lines.append("\r\n")
        async with asyncio.timeout(PATIENCE):
            if self._streams is None:
                self._streams = await asyncio.open_connection(self._host, self._port)
            reader, writer = self._streams
            writer.write("".join(lines).encode("latin-1") + payload)
            try:
                return await _read(reader)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                await self.close()
                raise BadAnswer(f"{method} {path}: the connection ended") from error

    async def close(self) -> None:
        """Let go of the connection."""
        streams, self._streams = self._streams, None
        if streams:
            streams[1].close()
            await streams[1].wait_closed()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    length, cookies = None, {}
    for line in lines:
        name, _, value = line.partition(":")
        match name.lower():
            case "content-length":
                length = int(value)
            case "set-cookie":
                key, _, rest = value.strip().partition("=")
                cookies[key] = rest.partition(";")[0]
            case "transfer-encoding":
                raise BadAnswer(f"an answer in pieces: {first}")
    if length is None:
        raise BadAnswer(f"an answer without a length: {first}")
    return Answer(int(first.split(" ", 2)[1]), cookies, await reader.readexactly(length))
