"""A shop to grade: started as people start it, on free ports and in a folder of its own, with a cart and an order."""

import http.server
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.grade import relay
from bench.grade.tools import ROOT
from deploy.services import free_port

PATIENCE: Final = 420.0
"""Seconds until the shop must be open: its pictures are encoded first."""
OPEN: Final = "The shop is open"


class NoShop(Exception):
    """The shop did not open; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the shop is served: `url` on plain HTTP, `secure` on TLS; `redirecting` is the port that leads there."""

    url: str
    secure: str
    redirecting: int
    release: Path
    certificate: Path


def _environment(home: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TWOCOMMS_", "DATABASE_URL"))}
    return {
        **kept,
        "PORT": str(port),
        "TWOCOMMS_BUILD_DIR": str(home / "build"),
        "TWOCOMMS_VAR_DIR": str(home / "var"),
    }


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of ours, ended as Ctrl-C would end it."""
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: "subprocess.Popen[bytes]", log: Path, ready: str | None, url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (ready in log.read_text("utf-8") if ready else answers(url)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NoShop(log.read_text("utf-8")[-3000:])
        time.sleep(0.2)


def answers(url: str) -> bool:
    """Whether something gives an answer at an address."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of ours
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def opened(home: Path) -> Iterator[Shop]:
    """The shop of this checkout in `home`; pictures that were encoded before are taken over. Raises NoShop."""
    _take_pictures(home / "build")
    port, secure_port = free_port(), free_port()
    with ExitStack() as stack:
        log = home / "run.log"
        environment = _environment(home, port)
        shop = stack.enter_context(_running([sys.executable, "-m", "commerce_api.launch"], environment, log))
        _wait(shop, log, OPEN, "")
        secure = f"https://localhost:{secure_port}"
        stack.enter_context(_secure_twin(home, environment, secure, secure_port))
        redirecting = stack.enter_context(_redirecting(secure))
        yield Shop(f"http://localhost:{port}", secure, redirecting, home / "build" / "current", home / "cert.pem")


def pack(home: Path) -> None:
    """Let every page of the shop in `home` be packed as small as it is some minutes after each publication."""
    command = [sys.executable, "-m", "sitegen.smaller", str(home / "build")]
    subprocess.run(command, cwd=ROOT, env=_environment(home, 0), check=True)


def _take_pictures(build: Path) -> None:
    """Encoded pictures and merged assets are costly and the same for every shop of this checkout."""
    cache = ROOT / "build" / "cache"
    if cache.is_dir():
        shutil.copytree(cache, build / "cache")


@contextmanager
def _secure_twin(home: Path, environment: Mapping[str, str], url: str, port: int) -> Iterator[None]:
    """The same pages as they are answered where the site is on https: headers differ there."""
    database = environment.get("DATABASE_URL", f"sqlite://{home}/var/shop.sqlite3")
    var = home / "var-secure"
    var.mkdir()
    other = {**environment, "TWOCOMMS_SITE_URL": url, "TWOCOMMS_VAR_DIR": str(var), "DATABASE_URL": database}
    plain = free_port()
    serve = [sys.executable, "-m", "commerce_api.serve"]
    sidecar = [*serve, "commerce_api.app:create", f"unix:{var}/sidecar.sock"]
    edge = [*serve, "commerce_api.edge:create", f"127.0.0.1:{plain}"]
    with (
        _running(sidecar, other, home / "sidecar.log"),
        _running(edge, other, home / "edge.log") as process,
        relay.tls(port, plain, certificate(home)),
    ):
        _wait(process, home / "edge.log", None, f"http://127.0.0.1:{plain}/robots.txt")
        yield


def certificate(home: Path) -> ssl.SSLContext:
    """TLS with a certificate that was made just now, for localhost only."""
    openssl = shutil.which("openssl")
    if not openssl:
        raise NoShop("openssl is missing: install the package openssl")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    files = ["-keyout", str(home / "key.pem"), "-out", str(home / "cert.pem")]
    made = subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names, *files], capture_output=True, check=False
    )
    if made.returncode:
        raise NoShop(made.stderr.decode()[-300:])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(home / "cert.pem", home / "key.pem")
    return context


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
