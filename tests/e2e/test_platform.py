"""What the platform promises: whole pages without a network, pages opened ahead and brought back, scripts that nobody
can swap, and nothing said about the visitor on static pages."""

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.conftest import CHROMIUM, QUIET, Shop, visit, window

pytestmark = pytest.mark.browser
STATIC = ("/", "/en/", "/catalog/t-shirts/", "/product/kolos-tee/", "/delivery/", "/404.html", "/offline.html")
SIDECAR = ("/cart/", "/checkout/", "/order/none/", "/en/cart/")
WORKING = "() => navigator.serviceWorker.ready.then((found) => found.active?.state === 'activated')"


@pytest.fixture
def visitor(chromium: Browser, shop: Shop) -> Iterator[BrowserContext]:
    """A shopper whose browser may keep a worker."""
    with window(chromium, shop, service_workers="allow") as context:
        yield context


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    return visitor.new_page()


def wait_for_worker(page: Page) -> None:
    """Until the offline page is kept; the worker begins some seconds after the page."""
    page.wait_for_function(WORKING, timeout=30_000)


def test_without_a_network_there_is_the_offline_page_of_the_language(visitor: BrowserContext, page: Page) -> None:
    # given a shopper who looked at a product and lost the network
    visit(page, "/product/kolos-tee/")
    name = page.locator("h1").inner_text()
    wait_for_worker(page)
    visitor.set_offline(True)

    # when other pages are opened, then the shop says so in their language, in its own looks, and names what was seen
    visit(page, "/catalog/hoodies/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Немає зв’язку")
    expect(page.locator("offline-note li").first).to_have_text(re.compile(re.escape(name), re.IGNORECASE))
    assert "₴" not in page.locator("main").inner_text()
    assert page.evaluate("document.fonts.check('16px Onest')")

    # and in a tab beside it (the note in the first one may open its own page again at any moment) in the other language
    beside = visitor.new_page()
    visit(beside, "/en/delivery/")
    expect(beside.get_by_role("heading", level=1)).to_have_text("No connection")
    assert beside.locator("html").get_attribute("lang") == "en"

    # and the page that was asked for opens by itself when the network is back
    visitor.set_offline(False)
    expect(beside.get_by_role("heading", level=1)).to_have_text(re.compile("delivery", re.IGNORECASE))


def test_the_offline_page_does_not_call_back_whoever_left_it(chromium: Browser, shop: Shop) -> None:
    # given the offline page, and another page that is slow to come
    with window(chromium, shop) as context:
        page = context.new_page()
        visit(page, "/offline.html")

        def slow(route: Route) -> None:
            time.sleep(0.5)
            route.continue_()

        page.route("**/catalog/", slow)

        # when its link is pressed (by no pointer, which would fetch it before) and the network is back in that moment
        page.evaluate(
            "() => { document.querySelector(\"footer a[href='/catalog/']\").click();"
            " setTimeout(() => dispatchEvent(new Event('online')), 50); }"
        )

        # then the pressed page comes, and not the offline one again
        page.wait_for_url("**/catalog/", timeout=10_000)


def test_no_price_and_no_cart_is_ever_kept(visitor: BrowserContext, page: Page) -> None:
    # given a shopper with a worker who has seen a product and the cart
    visit(page, "/")
    wait_for_worker(page)
    visit(page, "/product/kolos-tee/")
    visit(page, "/cart/")

    # when the caches are read, then they hold the offline pages and files with hashed names alone
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))).flat()"
    )
    assert "/offline.html" in kept
    strange = [path for path in kept if not re.match(r"/(?:en/)?offline\.html$|/(?:assets|images)/.*[0-9a-f]{8}", path)]
    assert strange == []

    # and without a network neither cart nor prices come from anywhere
    visitor.set_offline(True)
    answers = page.evaluate(
        "() => Promise.all(['/cart/', '/api/v1/cart', '/live/kolos-tee.json']"
        ".map((path) => fetch(path, { cache: 'no-store' }).then((answer) => answer.status, () => 'none')))"
    )
    assert answers == ["none", "none", "none"]


def test_a_product_is_asked_for_before_it_is_pressed_and_nothing_personal_is(page: Page) -> None:
    # given a list of products, and what the browser says of its plans
    plans: set[str] = set()
    ready: list[str] = []

    def planned(event: dict[str, Any]) -> None:
        plans.update(
            each["key"]["url"].partition("//")[2].partition("/")[2] for each in event["preloadingAttemptSources"]
        )

    def done(event: dict[str, Any]) -> None:
        ready.extend([event["prefetchUrl"]] if event["status"] == "Ready" else [])

    said = page.context.new_cdp_session(page)
    said.on("Preload.preloadingAttemptSourcesUpdated", planned)
    said.on("Preload.prefetchStatusUpdated", done)
    said.send("Preload.enable")
    visit(page, "/catalog/t-shirts/")

    # when the pointer rests on a link, then its page is there before the press (a driven browser renders nothing ahead)
    link = page.locator(".product-card-name a").first
    address = str(link.evaluate("(link) => link.href"))
    link.hover()
    for _ in range(100):
        if ready:
            break
        page.wait_for_timeout(100)
    assert ready == [address]
    link.click()
    page.wait_for_url(address)
    assert page.evaluate("performance.getEntriesByType('navigation')[0].deliveryType") == "navigational-prefetch"

    # and no plan is about a person or a question
    assert plans
    assert [path for path in plans if not re.fullmatch(r"(?:en/)?(?:product|catalog|journal)/[^?]*", path)] == []


def test_a_page_brought_back_shows_the_cart_as_it_is_now(chromium: Browser, shop: Shop) -> None:
    # given a browser that keeps pages it has left, which driven ones do only when they are told to
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=QUIET, ignore_default_args=["--disable-back-forward-cache"]
    )
    page = browser.new_page(base_url=shop.url)
    visit(page, "/product/kolos-tee/")
    expect(page.locator("cart-count")).to_have_text("")
    page.evaluate("window.same = true")

    # when the shopper comes back with something in the cart, then the page is the same and its number is another one
    visit(page, "/about/")
    page.evaluate("document.cookie = 'n=3; path=/'")
    page.go_back(wait_until="commit")
    expect(page.locator("cart-count")).to_have_text("3")
    assert page.evaluate("window.same")
    browser.close()


def test_no_script_of_a_page_can_be_swapped(page: Page, shop: Shop) -> None:
    # given pages of the build and of the sidecar, when their files are read, then each says the bytes it will run
    for path in (*STATIC, *SIDECAR):
        html = httpx2.get(f"{shop.url}{path}", follow_redirects=True).text
        files = re.findall(r"<(?:script[^>]+src|link rel=\"stylesheet\"[^>]+href)[^>]+>", html)
        assert files, path
        assert [file for file in files if 'integrity="sha256-' not in file] == [], path

    # and another script in its place does not run, be it one that comes after the first paint
    for name, path in (("home", "/"), ("product-elements", "/product/kolos-tee/")):
        asked = f"**/assets/{name}-*.js"
        page.route(asked, lambda route: route.fulfill(body="window.swapped = 1", content_type="text/javascript"))
        with page.expect_response(asked):
            page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.swapped") is None, name


def test_scripts_take_no_address_but_our_own(page: Page) -> None:
    visit(page, "/")
    said = page.evaluate(
        "() => { try { new Worker('/assets/x.js'); return 'made' } catch (error) { return error.name } }"
    )
    assert said == "TypeError"
    assert (
        page.evaluate("() => { try { trustedTypes.createPolicy('other', {}) } catch (e) { return e.name } }")
        == "TypeError"
    )


def test_static_pages_say_nothing_about_the_visitor(shop: Shop) -> None:
    for path in (*STATIC, "/r.json", "/sw.js", "/robots.txt", "/nothing/"):
        answer = httpx2.get(f"{shop.url}{path}", headers={"Cookie": "n=3", "Accept-Encoding": "br"})
        assert "set-cookie" not in answer.headers, path
        assert answer.headers.get("vary", "accept-encoding").lower() == "accept-encoding", path
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        is_page = answer.headers["content-type"].startswith("text/html")
        assert answer.headers.get("speculation-rules") == ('"/r.json"' if is_page else None), path
    for path in SIDECAR:
        assert "speculation-rules" not in httpx2.get(f"{shop.url}{path}").headers, path


def test_every_page_forbids_what_it_does_not_need(shop: Shop) -> None:
    for path in (*STATIC, *SIDECAR):
        answer = httpx2.get(f"{shop.url}{path}", follow_redirects=True)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy, path
        for word in (
            "default-src 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types twocomms",
            "base-uri 'none'",
        ):
            assert word in policy, path
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
