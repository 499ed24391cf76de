"""The stand-in of the CDN: static files, what is passed on, and what is said when nobody answers behind."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from commerce_api.edge import make_edge
from commerce_api.foundation.settings import Settings
from tests.commerce_api.edges import Behind, ask, lay_out
from tests.commerce_api.foundation.web.apps import visiting

pytestmark = pytest.mark.anyio


@pytest.fixture
def site(settings: Settings) -> Path:
    return lay_out(settings)


@pytest.fixture
def edge(settings: Settings, site: Path) -> ASGIApp:
    return make_edge(settings, sidecar=Behind("sidecar"), office=Behind("office"))


async def test_a_static_page_comes_from_the_build_with_the_headers_of_the_table(edge: ASGIApp) -> None:
    async with visiting(edge) as visitor:
        answer = await visitor.get("/")

    assert (answer.status_code, answer.text) == (200, "home")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["etag"]
    assert "set-cookie" not in answer.headers


async def test_head_answers_the_headers_of_get_without_the_body(edge: ASGIApp) -> None:
    got, asked = await ask(edge, "/catalog/"), await ask(edge, "/catalog/", "HEAD")

    assert asked == (got[0], got[1], b"")
    assert asked[1]["content-length"] == str(len("catalogue"))


async def test_an_unchanged_page_is_not_sent_again(edge: ASGIApp) -> None:
    async with visiting(edge) as visitor:
        first = await visitor.get("/")
        again = await visitor.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers


async def test_a_folder_without_its_slash_is_one_hop_away(edge: ASGIApp) -> None:
    async with visiting(edge) as visitor:
        answer = await visitor.get("/catalog?page=2")

    assert (answer.status_code, answer.headers["location"]) == (301, "/catalog/?page=2")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/nothing/", "nothing here"),
        ("/en/nothing/", "nothing here in English"),
        ("/assets/missing.css", "nothing here"),
        ("/../../secret", "nothing here"),
        ("//evil.test", "nothing here"),
        ("/cart/../.env", "nothing here"),
        ("/.env", "nothing here"),
        ("/metrics", "nothing here"),
        ("/api/../admin/", "nothing here"),
        ("/a\x00b", "nothing here"),
    ],
)
async def test_what_is_not_there_is_a_page_in_the_language_of_the_address(edge: ASGIApp, path: str, text: str) -> None:
    status, headers, body = await ask(edge, path)

    assert (status, body.decode()) == (404, text)
    assert headers["cache-control"] == "public, no-cache"
    assert "content-security-policy" in headers


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/shop/", "/catalog/"),
        ("/shop", "/catalog/"),
        ("/SHOP/", "/catalog/"),
        ("/shop/?a=1&b=%2F", "/catalog/?a=1&b=%2F"),
        ("/en/shop/", "/en/"),
        ("/%D1%81%D1%82%D0%B0%D1%80%D0%B0/", "/catalog/"),
    ],
)
async def test_an_old_path_is_one_hop_away_with_its_query(edge: ASGIApp, path: str, where: str) -> None:
    # given a page that moved, when its old address is asked for, then the new one is named
    async with visiting(edge) as visitor:
        got, asked = await visitor.get(path), await visitor.head(path)
        posted = await visitor.post(path)

    assert (got.status_code, got.headers["location"]) == (301, where)
    assert (asked.status_code, asked.headers["location"]) == (301, where)
    assert "content-security-policy" in got.headers
    assert posted.status_code == 405


async def test_a_page_is_never_hidden_by_an_old_path(edge: ASGIApp) -> None:
    async with visiting(edge) as visitor:
        answer = await visitor.get("/catalog/")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/product/wheat/", "not made any more"),
        ("/product/wheat", "not made any more"),
        ("/en/product/wheat/", "not made any more in English"),
    ],
)
async def test_what_is_gone_says_so_in_the_language_of_the_address(edge: ASGIApp, path: str, text: str) -> None:
    async with visiting(edge) as visitor:
        answer = await visitor.get(path)

    assert (answer.status_code, answer.text) == (410, text)
    assert answer.headers["cache-control"] == "public, no-cache"


async def test_old_paths_are_those_of_the_release_that_is_served(edge: ASGIApp, site: Path) -> None:
    # given an edge that has read the table
    async with visiting(edge) as visitor:
        before = await visitor.get("/shop/")

        # when another table stands in its place, and then none
        (site / "next.json").write_text(json.dumps({"redirects": {"/shop/": "/"}, "gone": []}))
        os.replace(site / "next.json", site / "redirects.json")
        after = await visitor.get("/shop/")
        (site / "redirects.json").unlink()
        without = await visitor.get("/shop/")

    # then each answer is that of the moment
    assert [answer.headers.get("location") for answer in (before, after, without)] == ["/catalog/", "/", None]
    assert without.status_code == 404


async def test_static_paths_are_only_read(edge: ASGIApp) -> None:
    async with visiting(edge) as visitor:
        answer = await visitor.post("/catalog/")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "process"),
    [
        ("/cart/", "sidecar"), ("/cart", "sidecar"), ("/en/cart/add", "sidecar"), ("/checkout/", "sidecar"),
        ("/order/abc/", "sidecar"), ("/find/", "sidecar"), ("/account/", "sidecar"), ("/en/account/", "sidecar"),
        ("/api/v1/cart", "sidecar"), ("/live/sova.json", "sidecar"), ("/auth/google", "sidecar"),
        ("/webhooks/monobank", "sidecar"), ("/beacon", "sidecar"), ("/healthz", "sidecar"), ("/readyz", "sidecar"),
        ("/wholesale/order/", "sidecar"), ("/admin", "office"), ("/admin/order/list", "office"),
    ],
)  # fmt: skip
async def test_what_changes_is_answered_by_the_process_behind(edge: ASGIApp, path: str, process: str) -> None:
    async with visiting(edge) as visitor:
        answer = await visitor.post(f"{path}?x=1")

    assert answer.json() == [process, "POST", path, "x=1"]


@pytest.mark.parametrize("path", ["/cartoon/", "/wholesale/", "/administrator/", "/en/admin/"])
async def test_a_path_that_only_looks_alike_is_not_passed_on(edge: ASGIApp, path: str) -> None:
    async with visiting(edge) as visitor:
        answer = await visitor.get(path)

    assert answer.status_code == 404


async def test_while_the_sidecar_is_down_browsing_goes_on(settings: Settings, site: Path) -> None:
    edge = make_edge(settings, sidecar=Behind("sidecar", down=True), office=Behind("office", down=True))

    async with visiting(edge) as visitor:
        home = await visitor.get("/")
        cart = await visitor.get("/cart/")
        call = await visitor.get("/api/v1/cart", headers={"Accept-Language": "en"})
        staff = await visitor.get("/admin/")

    assert home.status_code == 200
    for answer in (cart, staff):
        assert (answer.status_code, answer.text) == (503, "closed for a minute")
        assert answer.headers["cache-control"] == "no-store"
    assert (call.status_code, call.json()["code"]) == (503, "unavailable")
    assert call.headers["content-type"] == "application/problem+json"
    for answer in (cart, call, staff):
        assert answer.headers["retry-after"] == "5"


async def test_without_a_build_visitors_are_asked_to_wait(settings: Settings) -> None:
    edge = make_edge(settings, sidecar=Behind("sidecar"), office=Behind("office"))

    async with visiting(edge) as visitor:
        page = await visitor.get("/catalog/")
        cart = await visitor.get("/cart/")

    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "make rebuild" in page.text
    assert cart.status_code == 200


async def test_a_new_release_is_seen_at_once_and_old_assets_are_kept(
    edge: ASGIApp, settings: Settings, site: Path
) -> None:
    (settings.build_dir / "kept" / "assets").mkdir(parents=True)
    (settings.build_dir / "kept" / "assets" / "home.1.css").write_text("body{}")
    new = settings.build_dir / "releases" / "2"
    new.mkdir()
    (new / "index.html").write_text("new home")
    os.symlink("releases/2", settings.build_dir / "next")
    os.replace(settings.build_dir / "next", settings.build_dir / "current")

    async with visiting(edge) as visitor:
        page, style = await visitor.get("/"), await visitor.get("/assets/home.1.css")

    assert page.text == "new home"
    assert style.status_code == 200
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_the_end_of_the_edge_closes_its_connections(settings: Settings) -> None:
    sidecar, office, sent = Behind("sidecar"), Behind("office"), []
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await make_edge(settings, sidecar=sidecar, office=office)({"type": "lifespan"}, receive, send)

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert sidecar.closed
    assert office.closed
