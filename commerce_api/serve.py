"""Serving one ASGI application of ours: `python -m commerce_api.serve commerce_api.app:create unix:/path/to.sock`.

A door of its own, so that a server process imports its application and nothing else.
"""

import contextlib
import logging
import os
import sys
from pathlib import Path
from socket import socket as Socket
from typing import Final

import uvicorn

from commerce_api.foundation.settings import load

TURN: Final = 0.0005
"""Seconds that a thread may work while another one waits. SQLite's thread lets go at every statement and comes back for
each answer: with Python's 5 ms, one order of many statements waits for the requests of everybody else."""
NOT_STARTED: Final = 3
"""The exit status of a server that never answered, as uvicorn gives it."""


class Server(uvicorn.Server):
    """Listens beside its socket and moves there once it can answer: whoever answered there before may still finish what
    is in hand, and takes nothing of ours along when it ends. The file stays: without its server it refuses, no more."""

    def __init__(self, config: uvicorn.Config, socket: Path | None) -> None:
        super().__init__(config)
        self.socket = socket

    async def startup(self, sockets: list[Socket] | None = None) -> None:
        await super().startup(sockets)
        if self.socket and self.config.uds:
            os.replace(self.config.uds, self.socket)


def serve(application: str, address: str) -> None:
    """Serve an application factory at `unix:/path` or `host:port` until SIGTERM; requests in hand are finished.

    A socket is taken over from the process that serves there, without a moment in which nobody does: stop that one
    afterwards. Behind a socket the forwarding headers are believed: only the edge or nginx can reach it, and they
    overwrite them. At an address they are believed from the proxies that the settings name, and what lies before those
    is not.
    """
    sys.setswitchinterval(TURN)
    socket = Path(address.removeprefix("unix:")) if address.startswith("unix:") else None
    beside = socket.with_name(f"{socket.name}.{os.getpid()}") if socket else None
    host, _, port = address.rpartition(":")
    if beside:
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
    config = uvicorn.Config(
        application,
        factory=True,
        uds=str(beside) if beside else None,
        host="127.0.0.1" if socket else host,
        port=0 if socket else int(port),
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        forwarded_allow_ips="*" if socket else list(load().trusted_proxies),
        timeout_graceful_shutdown=10,
    )
    server = Server(config, socket)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
