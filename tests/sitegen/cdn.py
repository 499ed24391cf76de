"""A CDN on loopback that takes purges: notes them, and fails when it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Cdn:
    """What was posted, with which token, and the statuses of the next answers (200 when there are none)."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.statuses: list[int] = []

    def answer(self, body: bytes, token: str) -> int:
        """The status of one purge."""
        status = self.statuses.pop(0) if self.statuses else 200
        self.tokens.add(token)
        if status == 200:
            self.bodies.append(json.loads(body))
        return status


@contextmanager
def listening() -> Iterator[Cdn]:
    """A CDN that answers until the block ends."""
    cdn = Cdn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(cdn.answer(body, self.headers.get("authorization", "")))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what matters is in `bodies`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cdn.url = f"http://127.0.0.1:{server.server_address[1]}/purge"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield cdn
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
