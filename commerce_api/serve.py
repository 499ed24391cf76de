"""Serving one ASGI application of ours: `python -m commerce_api.serve commerce_api.app:create unix:/path/to.sock`.

A door of its own, so that a server process imports its application and nothing else.
"""

import logging
import sys
from pathlib import Path
from typing import Final

import uvicorn

from commerce_api.foundation.settings import load

TURN: Final = 0.0005
"""Seconds that a thread may work while another one waits. SQLite's thread lets go at every statement and comes back for
each answer: with Python's 5 ms, one order of many statements waits for the requests of everybody else."""


def serve(application: str, address: str) -> None:
    """Serve an application factory at `unix:/path` or `host:port` until SIGTERM; requests in hand are finished.

    Behind a socket the forwarding headers are believed: only the edge or nginx can reach it, and they overwrite them.
    At an address they are believed from the proxies that the settings name, and what lies before those is not.
    """
    sys.setswitchinterval(TURN)
    socket = Path(address.removeprefix("unix:")) if address.startswith("unix:") else None
    host, _, port = address.rpartition(":")
    if socket:
        socket.parent.mkdir(parents=True, exist_ok=True)
        socket.unlink(missing_ok=True)
    uvicorn.run(
        application,
        factory=True,
        uds=str(socket) if socket else None,
        host="127.0.0.1" if socket else host,
        port=0 if socket else int(port),
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        forwarded_allow_ips="*" if socket else list(load().trusted_proxies),
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
