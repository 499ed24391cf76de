"""TLS in front of a plain port: what a CDN does, without any say in what passes."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

CHUNK: Final = 65_536


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
    with suppress(ConnectionError, ssl.SSLError, RuntimeError):
        target.close()


async def _serve(port: int, behind: int, context: ssl.SSLContext, ready: threading.Event, end: asyncio.Event) -> None:
    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner, outer = await asyncio.open_connection("127.0.0.1", behind)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, outer), _copy(inner, writer))

    server = await asyncio.start_server(meet, "127.0.0.1", port, ssl=context)
    ready.set()
    await end.wait()
    server.close()


@contextmanager
def tls(port: int, behind: int, context: ssl.SSLContext) -> Iterator[None]:
    """Everything that comes to `port` of loopback over TLS reaches `behind`."""
    loop, ready, end = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    def work() -> None:
        loop.run_until_complete(_serve(port, behind, context, ready, end))
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
