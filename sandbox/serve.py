"""Serving the sandbox.

python -m sandbox.serve --port 8001 --smtp-port 8002 --shop http://localhost:8000 --kept var/sandbox.json
"""

import argparse
import asyncio
import logging
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox import app, smtp
from sandbox.keeping import Keeper
from sandbox.world import World

BEGINNING: Final = 1_767_225_600
"""The first second of 2026: what is counted from there fits a waybill's nine digits until 2057."""


class Protocol(HttpToolsProtocol):
    """Gives each request the connection it came by, so that faults can end it."""

    def connection_made(self, transport: Any) -> None:
        """A connection begins."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def server(world: World, port: int) -> uvicorn.Server:
    """The sandbox at 127.0.0.1, not started yet."""
    return uvicorn.Server(
        uvicorn.Config(
            app.create(world),
            host="127.0.0.1",
            port=port,
            http=Protocol,
            log_config=None,
            log_level=logging.WARNING,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
    )


def new_world(port: int, shop: str) -> World:
    """A world that is reached on `port` and calls the shop at `shop`.

    Each counts from its own second, so that no number comes twice however often the sandbox is opened.
    """
    return World(f"http://localhost:{port}", shop_url=shop, first=int(time.time()) - BEGINNING)


async def serve(world: World, port: int, smtp_port: int, kept: Path | None = None) -> None:
    """Serve pages, emulators and the mail server until SIGTERM or Ctrl-C; with `kept`, go on with what stands in that
    file and write into it."""
    made = server(world, port)
    mail = await smtp.listen(world, smtp_port)
    world.journal.note("sandbox", "open", pages=world.public_url, smtp=f"127.0.0.1:{smtp.port_of(mail)}")
    keeping = remembering(world, kept).kept() if kept else nullcontext()
    try:
        async with keeping:
            await made.serve()
    finally:
        mail.close()


def remembering(world: World, file: Path) -> Keeper:
    """The keeper of a world whose emulators are made already, which know again what stands in the file."""
    keeper = Keeper(file, world.memories, lambda: world.clock.ahead)
    ahead, unread = keeper.read()
    if ahead:
        world.clock.advance(seconds=ahead.total_seconds())
    if unread:
        world.journal.note("sandbox", "what was kept could not be read", file=file.name, services=", ".join(unread))
    return keeper


def main() -> None:
    """The entry point of the process."""
    parser = argparse.ArgumentParser(description="Stand-ins of the services outside.")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--smtp-port", type=int, default=8002)
    parser.add_argument("--shop", default="http://localhost:8000", help="where the shop is reached")
    parser.add_argument("--kept", type=Path, help="a file in which payments and parcels outlive the sandbox")
    given = parser.parse_args()
    asyncio.run(serve(new_world(given.port, given.shop), given.port, given.smtp_port, given.kept))


if __name__ == "__main__":
    main()
