"""Small applications to ask, and a published site for pages to be rendered with."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from starlette.types import ASGIApp

from commerce_api.foundation.settings import Settings

OWN = {"Origin": "http://localhost:8000"}
"""What a program without a browser sends with a write."""

KINDS = ("home", "cart", "checkout", "order", "message", "search", "account", "product", "docs")


def publish(settings: Settings, **more: str) -> None:
    """A site with nothing but a manifest of assets, as far as pages of the sidecar need one."""
    folder = settings.build_dir / "current" / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{kind}/{name}.{kind}" for kind in ("css", "js") for name in KINDS]
    names += ["fonts/unbounded.woff2", "fonts/onest.woff2", "icons/favicon.svg"]
    names += ["icons/favicon-32.png", "icons/apple-touch-180.png"]
    names += ["css/search-box.css", "js/search-box.js", "js/search-worker.js"]
    (folder / "manifest.json").write_text(json.dumps({name: f"/assets/{name}" for name in names} | more))


@asynccontextmanager
async def visiting(app: ASGIApp, **options: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """A visitor of the application, who keeps cookies and sends no Origin."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000", **options) as client:
        yield client
