"""A published site to put an edge before, and a process to stand behind it."""

import json
import os
from pathlib import Path
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from commerce_api.foundation.settings import Settings
from commerce_api.integrations.upstream import UpstreamDown

FILES = {
    "index.html": "home",
    "404.html": "nothing here",
    "503.html": "closed for a minute",
    "en/index.html": "home in English",
    "en/404.html": "nothing here in English",
    "gone.html": "not made any more",
    "en/gone.html": "not made any more in English",
    "redirects.json": json.dumps(
        {
            "redirects": {"/shop/": "/catalog/", "/en/shop/": "/en/", "/стара/": "/catalog/", "/catalog/": "/"},
            "gone": ["/product/wheat/", "/en/product/wheat/"],
        }
    ),
    "catalog/index.html": "catalogue",
    "assets/home.1.css": "body{}",
    "robots.txt": "User-agent: *",
}


class Behind:
    """A process behind the edge that answers what it was asked, or does not answer at all."""

    def __init__(self, name: str, *, down: bool = False) -> None:
        self.name = name
        self.down = down
        self.closed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.down:
            raise UpstreamDown("no socket")
        answer = JSONResponse([self.name, scope["method"], scope["path"], scope["query_string"].decode()])
        await answer(scope, receive, send)

    async def aclose(self) -> None:
        self.closed = True


async def ask(app: ASGIApp, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Asks for a path exactly as it is written: clients tidy paths up before they send them."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = path.encode()
    scope = {"type": "http", "method": method, "path": path, "raw_path": raw, "query_string": b"", "headers": []}
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message["body"] for message in sent[1:])


def lay_out(settings: Settings) -> Path:
    """Publish the site; its release."""
    release = settings.build_dir / "releases" / "1"
    for name, text in FILES.items():
        (release / name).parent.mkdir(parents=True, exist_ok=True)
        (release / name).write_text(text)
    os.symlink("releases/1", settings.build_dir / "current")
    return release
