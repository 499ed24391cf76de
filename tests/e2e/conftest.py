"""A whole shop, started by the command that people use, and a real browser in front of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PRODUCTS = ("kolos-tee", "vikno-tee", "sova-hoodie", "mist-longsleeve")
"""Enough to fill a category and to buy two different things; few enough to start in seconds."""
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-dev-shm-usage",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PATIENCE = 240.0
expect.set_options(timeout=20_000)


@dataclass(frozen=True, slots=True)
class Shop:
    """A running shop: its address and that of its sandbox, its folders, how to sign in as staff, and the environment in
    which commands speak to it."""

    url: str
    sandbox: str
    content: Path
    build: Path
    email: str
    password: str
    environment: dict[str, str]


def free_ports(count: int) -> int:
    """The first of `count` ports in a row that nobody listens on now; below those that the system gives away."""
    for first in range(20_000 + os.getpid() % 1_000 * 10, 32_000, count):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    pytest.fail("no ports are free")


def copy_content(to: Path) -> None:
    """A small catalogue with real texts and pictures, and all pages."""
    shutil.copytree(ROOT / "content", to, ignore=shutil.ignore_patterns("*-tee", "*-hoodie", "*-longsleeve"))
    for slug in PRODUCTS:
        shutil.copytree(ROOT / "content" / "catalog" / slug, to / "catalog" / slug)
    # The drop of the moment shows products that this small shop does not have.
    site = to / "site.toml"
    words = site.read_text("utf-8").splitlines()
    mended = ['products = ["kolos-tee"]' if line.startswith("products = [") else line for line in words]
    site.write_text("\n".join(mended) + "\n", "utf-8")


def visit(page: Page, path: str) -> Response | None:
    """Open a page as a shopper does, who presses nothing before it is there: elements come after the first paint."""
    response = page.goto(path)
    come_alive(page)
    return response


def come_alive(page: Page) -> None:
    """Wait for the elements of a page that was just come to; one without scripts has none to wait for."""
    if not page.evaluate("matchMedia('(scripting: none)').matches"):
        expect(page.locator(":not(:defined)")).to_have_count(0)


def answers(url: str) -> bool:
    """Whether the address gives a page."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            status: int = answer.status
            return status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop of this test run, started as `make run` starts it and stopped as Ctrl-C stops it."""
    home = tmp_path_factory.mktemp("shop")
    # The shop's own, its sandbox's pages and its sandbox's mail server.
    port = free_ports(3)
    copy_content(home / "content")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TWOCOMMS_")},
        "PORT": str(port),
        "TWOCOMMS_CONTENT_DIR": str(home / "content"),
        "TWOCOMMS_BUILD_DIR": str(home / "build"),
        "TWOCOMMS_VAR_DIR": str(home / "var"),
    }
    log = (home / "run.log").open("w")
    running = subprocess.Popen(
        [sys.executable, "-m", "commerce_api.launch"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while "The shop is open" not in (home / "run.log").read_text("utf-8"):
            if running.poll() is not None or time.monotonic() > deadline:
                pytest.fail("the shop did not open:\n" + (home / "run.log").read_text("utf-8")[-4000:])
            time.sleep(0.2)
        note = (home / "var" / "first-password.txt").read_text("utf-8").strip()
        yield Shop(
            url=f"http://localhost:{port}",
            sandbox=f"http://localhost:{port + 1}",
            content=home / "content",
            build=home / "build",
            email="owner@twocomms.example",
            password=note,
            environment=environment,
        )
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()
        log.close()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; missing in CI it is a failure, elsewhere a skip with its reason."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    chosen: bool = request.param
    return chosen


@contextmanager
def window(chromium: Browser, shop: Shop, **options: Any) -> Iterator[BrowserContext]:
    """The windows of one shopper nobody knows yet, closed at the end: of a phone in Ukrainian and without a service
    worker, which would answer in place of what a test puts in a page's way; `options` are Playwright's."""
    usual = {"viewport": PHONE, "locale": "uk-UA", "service_workers": "block", "base_url": shop.url}
    context = chromium.new_context(**{**usual, **options})
    try:
        yield context
    finally:
        context.close()


@pytest.fixture
def phone(chromium: Browser, shop: Shop, scripts: bool) -> Iterator[Page]:
    """A phone-sized window of a shopper nobody knows yet; fails when a page writes an error to the console."""
    complaints: list[str] = []
    # A refused form is a page with status 422, which the browser notes as a failed load.
    expected = "422 (Unprocessable Entity)"
    with window(chromium, shop, java_script_enabled=scripts) as context:
        page = context.new_page()
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" and expected not in said.text else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    # The browser says so when a page is left sooner than its picture could grow; nothing of ours has failed.
    assert [said for said in complaints if "Transition was aborted" not in said] == []


@pytest.fixture
def desk(chromium: Browser, shop: Shop) -> Iterator[Page]:
    """A desktop window of a staff member who has signed in."""
    with window(chromium, shop, viewport=DESKTOP) as context:
        page = context.new_page()
        visit(page, "/admin/login")
        page.fill("input[name=username]", shop.email)
        page.fill("input[name=password]", shop.password)
        page.click("button[type=submit]")
        page.wait_for_url("**/admin/")
        yield page
