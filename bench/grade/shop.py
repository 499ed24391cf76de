"""A shop to grade: started as people start it, on free ports and in a folder of its own, with a cart and an order."""

import http.server
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.grade import front
from bench.grade.processes import ended
from bench.grade.tools import ROOT
from deploy.services import free_port

PATIENCE: Final = 420.0
"""Seconds until the shop must be open: its pictures are encoded first."""
OPEN: Final = "The shop is open"


class NoShop(Exception):
    """The shop did not open; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the shop is served: by HTTP/2 over TLS with this certificate, if it was started to be graded.
    `redirecting` is the port of plain HTTP that leads there."""

    url: str
    redirecting: int
    release: Path
    certificate: Path | None = None


def _environment(home: Path, port: int, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TWOCOMMS_", "DATABASE_URL"))}
    return {
        **kept,
        "PORT": str(port),
        "TWOCOMMS_SITE_URL": url,
        # Forms may lead to the bank's page, which is on https: that of the stand-in is not, and is nobody's but ours.
        "MONOBANK_TOKEN": "graded",
        "MONOBANK_API_URL": url,
        "TWOCOMMS_BUILD_DIR": str(home / "build"),
        "TWOCOMMS_VAR_DIR": str(home / "var"),
    }


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of ours, ended as Ctrl-C would end it."""
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out)
        with ended(process, signal.SIGINT):
            yield process


def _wait(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while OPEN not in log.read_text("utf-8"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NoShop(log.read_text("utf-8")[-3000:])
        time.sleep(0.2)


@contextmanager
def opened(home: Path) -> Iterator[Shop]:
    """The shop of this checkout in `home`, behind HTTP/2 and TLS; pictures that were encoded before are taken
    over. Raises NoShop."""
    _take_pictures(home / "build")
    port, behind = free_port(), free_port()
    url = f"https://localhost:{port}"
    with ExitStack() as stack:
        log = home / "run.log"
        command = [sys.executable, "-m", "commerce_api.launch"]
        _wait(stack.enter_context(_running(command, _environment(home, behind, url), log)), log)
        try:
            proof = front.certificate(home)
            stack.enter_context(front.standing(port, behind, home / "front", proof))
        except front.NoFront as error:
            raise NoShop(str(error)) from None
        redirecting = stack.enter_context(_redirecting(url))
        yield Shop(url, redirecting, home / "build" / "current", proof)


def pack(home: Path) -> None:
    """Let every page of the shop in `home` be packed as small as it is some minutes after each publication."""
    command = [sys.executable, "-m", "sitegen.smaller", str(home / "build")]
    subprocess.run(command, cwd=ROOT, env=_environment(home, 0, "http://localhost"), check=True)


def _take_pictures(build: Path) -> None:
    """Encoded pictures and merged assets are costly and the same for every shop of this checkout."""
    cache = ROOT / "build" / "cache"
    if cache.is_dir():
        shutil.copytree(cache, build / "cache")


@contextmanager
def _redirecting(secure: str) -> Iterator[int]:
    """A port that leads to the https site, as every CDN in front of the shop does."""

    class Lead(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(301)
            self.send_header("Location", secure + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return None

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lead) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
