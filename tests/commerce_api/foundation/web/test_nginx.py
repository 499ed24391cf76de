"""nginx and the edge answer alike: both are made from one table."""

import gzip
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from commerce_api.edge import make_edge
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.nginx import nginx_conf
from commerce_api.integrations.upstream import Upstream
from tests.commerce_api.foundation.web.apps import visiting

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
COMPARED = (
    "content-type",
    "cache-control",
    "content-security-policy",
    "referrer-policy",
    "x-content-type-options",
    "cross-origin-resource-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "strict-transport-security",
    "speculation-rules",
    "location",
    "vary",
    "content-encoding",
    "content-language",
    "retry-after",
)
MOVED = {"/shop/": "/catalog/", "/en/shop/": "/en/catalog/", f"/{'long-' * 55}name/": "/catalog/", "/стара/": "/"}
GONE = ["/product/wheat/", "/en/product/wheat/"]
FILES = {
    "index.html": "home",
    "404.html": "nothing",
    "en/404.html": "nothing in English",
    "gone.html": "not made any more",
    "en/gone.html": "not made any more in English",
    "redirects.json": json.dumps({"redirects": MOVED, "gone": GONE}),
    ".nginx/redirects.map": "".join(f'"{old}" "{new}";"{old[:-1]}" "{new}";' for old, new in MOVED.items()),
    ".nginx/gone.map": "".join(f'"{path}" 1;"{path[:-1]}" 1;' for path in GONE),
    "503.html": "closed",
    "en/503.html": "closed in English",
    "catalog/index.html": "catalogue",
    "assets/home.0123abcd.css": "body{}",
    "data/search-uk-0123abcd.json": "[]",
    "images/a-600.avif": "picture",
    "robots.txt": "User-agent: *",
    "sitemap.xml": "<x/>",
    "manifest.webmanifest": "{}",
    "icon.svg": "<svg/>",
    "r.json": "{}",
    "sw.js": "self",
}
KEPT = {"assets/home.fedc3210.css": "old{}", "data/search-uk-fedc3210.json": "[1]", "images/b-600.avif": "old picture"}


@pytest.fixture
def site(settings: Settings) -> Settings:
    for name, text in FILES.items():
        file = settings.build_dir / "current" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    for name, text in KEPT.items():
        file = settings.build_dir / "kept" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    style = settings.build_dir / "current" / "assets" / "home.0123abcd.css"
    style.with_suffix(".css.gz").write_bytes(gzip.compress(style.read_bytes(), mtime=0))
    settings.var_dir.mkdir(exist_ok=True)
    return settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def nginx(nginx_of: Callable[[], str]) -> str:
    return nginx_of()


@pytest.fixture
def nginx_of(site: Settings, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Starts nginx over the site as it lies there."""
    if not Path(NGINX).exists():
        pytest.skip("nginx is not installed")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(started(site, tmp_path))


@contextmanager
def started(site: Settings, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    conf = nginx_conf(site, listen=f"127.0.0.1:{port}")
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;"
        f"events {{}} http {{ access_log off; {folders} {conf} }}"
    )
    running = subprocess.Popen(
        [NGINX, "-p", str(tmp_path), "-e", f"{tmp_path}/error.log", "-c", f"{tmp_path}/nginx.conf"]
    )
    try:
        wait_for(port, running, tmp_path / "error.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def wait_for(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        if running.poll() is not None:
            pytest.fail(log.read_text())
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx never listened")


def told(answer: Any) -> dict[str, str | int]:
    """What matters of an answer. A redirect may or may not have a body: nobody reads it."""
    compared = COMPARED[1:] if answer.is_redirect else COMPARED
    return {"status": answer.status_code} | {
        name: answer.headers[name].lower() for name in compared if name in answer.headers
    }


@pytest.mark.anyio
async def test_nginx_says_of_every_kind_of_path_what_the_edge_says(site: Settings, nginx: str) -> None:
    closed = Upstream(f"unix:{site.var_dir}/none.sock")
    edge = make_edge(site, sidecar=closed, office=closed)
    asked = [f"/{name}" for name in [*FILES, *KEPT] if not name.endswith("03.html")]
    asked += ["/", "/catalog/", "/catalog?page=2", "/nothing/", "/en/nothing/", "/.env", "/assets/none.css", "/metrics"]
    asked += ["/cart/", "/en/checkout/", "/admin/", "/en/find", "/api/docs"]
    asked += ["/api/v1/cart", "/api/v1/products?page=2", "/live/kolos-tee.json", "/webhooks/monobank", "/healthz"]
    asked += [way for path in [*MOVED, *GONE] for way in (path, path[:-1], f"{path}?a=1&b=%2F", path.upper())]

    differences = {}
    async with visiting(edge) as visitor, httpx2.AsyncClient(base_url=nginx, headers={"Host": "localhost"}) as other:
        for path in asked:
            here, there = told(await visitor.get(path)), told(await other.get(path))
            if here != there:
                differences[path] = {
                    name: (here.get(name), there.get(name))
                    for name in here.keys() | there.keys()
                    if here.get(name) != there.get(name)
                }

    assert differences == {}


@pytest.mark.anyio
async def test_what_only_older_pages_name_is_answered_like_what_is_there(site: Settings, nginx: str) -> None:
    # given files of a release that was left, when they are asked for, then they are what they were
    async with httpx2.AsyncClient(base_url=nginx, headers={"Host": "localhost"}) as visitor:
        answers = {name: await visitor.get(f"/{name}") for name in KEPT}
        rules = await visitor.get("/r.json")

    assert {name: answer.text for name, answer in answers.items()} == KEPT
    assert {answer.headers["cache-control"] for answer in answers.values()} == {"public, max-age=31536000, immutable"}
    assert rules.headers["content-type"] == "application/speculationrules+json"


@pytest.mark.anyio
async def test_nginx_and_the_edge_say_the_same_words_of_what_is_gone(site: Settings, nginx: str) -> None:
    closed = Upstream(f"unix:{site.var_dir}/none.sock")
    edge = make_edge(site, sidecar=closed, office=closed)
    async with visiting(edge) as visitor, httpx2.AsyncClient(base_url=nginx, headers={"Host": "localhost"}) as other:
        for path in GONE:
            here, there = await visitor.get(path), await other.get(path)
            assert (here.status_code, here.text) == (there.status_code, there.text)


@pytest.mark.anyio
@pytest.mark.parametrize("wished", ["", "en", "en-US,uk;q=0.5", "uk", "fr"])
@pytest.mark.parametrize("stale", [False, True], ids=["no-socket", "socket-of-a-dead-process"])
async def test_nginx_and_the_edge_say_the_same_words_while_nobody_is_behind(
    site: Settings, nginx_of: Callable[[], str], wished: str, stale: bool
) -> None:
    # given a sidecar that never was, or one that left its socket
    if stale:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(site.var_dir / "sidecar.sock"))
    nginx, behind = nginx_of(), Upstream(f"unix:{site.var_dir}/sidecar.sock")
    headers = {"Host": "localhost", "Accept-Language": wished}
    async with (
        aclosing(behind),
        visiting(make_edge(site, sidecar=behind, office=behind), headers=headers) as visitor,
        httpx2.AsyncClient(base_url=nginx, headers=headers) as other,
    ):
        for path in ("/cart/", "/en/cart/", "/en/checkout/", "/api/docs", "/api/v1/cart", "/live/kolos-tee.json"):
            for method in ("GET", "POST"):
                here, there = await visitor.request(method, path), await other.request(method, path)
                assert (there.status_code, there.headers["retry-after"]) == (503, "5"), path
                is_json = there.headers["content-type"] == "application/problem+json"
                assert (there.json() if is_json else there.text) == (here.json() if is_json else here.text), path


def test_nginx_starts_with_a_release_that_has_no_old_paths(site: Settings, nginx_of: Callable[[], str]) -> None:
    for name in ("redirects.map", "gone.map"):
        (site.build_dir / "current" / ".nginx" / name).unlink()

    assert httpx2.get(f"{nginx_of()}/robots.txt", headers={"Host": "localhost"}).status_code == 200


@pytest.mark.anyio
async def test_nginx_answers_to_no_name_but_ours(nginx: str) -> None:
    async with httpx2.AsyncClient(base_url=nginx) as stranger:
        answer = await stranger.get("/", headers={"Host": "evil.test"})

    assert answer.status_code == 421


def test_only_a_site_on_https_promises_https(settings: Settings) -> None:
    assert "strict-transport-security" not in nginx_conf(settings)
    assert "strict-transport-security" in nginx_conf(replace(settings, site_url="https://shop.test"))
