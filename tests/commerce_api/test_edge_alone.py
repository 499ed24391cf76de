"""The edge over a site that was really built, with nobody behind it: everything that needs no sidecar goes on."""

import asyncio
import re
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx2
import pytest

from commerce_api.edge import make_edge
from commerce_api.foundation.settings import ROOT, Settings
from commerce_api.foundation.theming import THEME
from commerce_api.foundation.web import paths
from commerce_api.integrations.upstream import Upstream
from sitegen.build import build
from tests.commerce_api.foundation.web.apps import visiting
from tests.sitegen.builders import catalogue, config_in, product

pytestmark = pytest.mark.anyio

DYNAMIC: Final = [f"{path}/" for path in paths.SIDECAR_PAGES] + ["/order/a-token/", "/cart/add", "/admin/", "/api/docs"]
PROGRAMS: Final = ("/api/v1/cart", "/api/v1/openapi.json", "/live/kolos.json", "/webhooks/monobank", "/readyz")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one product with the shop's own theme and pages."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "content", folder / "content", ignore=shutil.ignore_patterns("catalog", "*.avif"))
    build(config_in(folder, theme=THEME, compress=False), catalogue(product("kolos")))
    return folder / "build"


@pytest.fixture(params=["no-socket", "socket-of-a-dead-process"])
async def alone(
    request: pytest.FixtureRequest, anyio_backend: str, settings: Settings, built: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """A visitor of an edge whose sidecar never came, or has left its socket."""
    settings.var_dir.mkdir()
    if request.param != "no-socket":
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(settings.var_dir / "sidecar.sock"))
    async with aclosing(Upstream(paths.socket_address(settings.var_dir, "sidecar"))) as behind:
        edge = make_edge(replace(settings, build_dir=built), sidecar=behind, office=behind)
        async with visiting(edge) as visitor:
            yield visitor


async def test_pages_files_and_errors_of_the_site_need_nobody_behind(alone: httpx2.AsyncClient, built: Path) -> None:
    for file in sorted((built / "current").rglob("*.html")):
        name = file.relative_to(built / "current").as_posix()
        answer = await alone.get("/" + name.removesuffix("index.html"))
        assert (answer.status_code, answer.content) == (200, await asyncio.to_thread(file.read_bytes)), name
    robots, sitemap = await alone.get("/robots.txt"), await alone.get("/sitemap.xml")
    assert (robots.status_code, robots.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert "sitemap.xml" in robots.text.lower()
    assert (sitemap.status_code, sitemap.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    lists = re.findall(r"<loc>http://shop\.test(/[^<]+)</loc>", sitemap.text)
    listed = "".join([(await alone.get(each)).raise_for_status().text for each in lists])
    assert "/product/kolos/</loc>" in listed
    page = (await alone.get("/product/kolos/")).text
    for asset in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
        assert (await alone.get(asset)).status_code == 200, asset

    # and what is not there is said in the language of the address, never as a failure
    for path, words in (("/nothing/", 'lang="uk"'), ("/en/nothing/", 'lang="en"'), ("/product/none/", 'lang="uk"')):
        missing = await alone.get(path)
        assert (missing.status_code, missing.headers["cache-control"]) == (404, "public, no-cache")
        assert words in missing.text
        assert "retry-after" not in missing.headers


async def test_what_only_the_sidecar_can_do_says_kindly_when_to_come_again(alone: httpx2.AsyncClient) -> None:
    for path in DYNAMIC:
        for method in ("GET", "POST"):
            answer = await alone.request(method, path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5"), path
            assert answer.headers["cache-control"] == "no-store"
            assert "Ваш кошик на місці" in answer.text
            assert "</header>" in answer.text, "a page of the shop, with its menu"
    english = await alone.get("/en/checkout/")
    assert (english.status_code, english.headers["retry-after"]) == (503, "5")
    assert "Your bag stays as it is" in english.text
    for path in PROGRAMS:
        told = await alone.get(path)
        assert (told.status_code, told.headers["retry-after"], told.json()["code"]) == (503, "5", "unavailable"), path
