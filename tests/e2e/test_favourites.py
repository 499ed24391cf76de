"""Hearts in a browser: with scripts they are pressed where they stand, without them they post a form."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import Shop, come_alive, visit, window

pytestmark = pytest.mark.browser

TEE, HOODIE = "/product/vikno-tee/", "/product/sova-hoodie/"
LIST = "/account/favourites/"
CARDS = ".favourites .product-card"
KEPT = "localStorage.getItem('twocomms:favourites')"


@pytest.fixture
def guest(shop: Shop, chromium: Browser, scripts: bool) -> Iterator[Page]:
    """A guest on a phone."""
    with window(chromium, shop, java_script_enabled=scripts) as context:
        yield context.new_page()


with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["with-scripts"])
without_scripts = pytest.mark.parametrize("scripts", [False], indirect=True, ids=["without-scripts"])


def told_by_cookie(page: Page, shop: Shop, value: str) -> None:
    """The sidecar has answered a press without scripts."""
    page.context.add_cookies([{"name": "liked", "value": value, "url": shop.url}])


def cookie_names(page: Page) -> set[str]:
    return {str(cookie["name"]) for cookie in page.context.cookies()}


@without_scripts
def test_without_scripts_hearts_put_in_and_the_list_takes_out(guest: Page) -> None:
    # given the heart of a card and the one of a product pressed
    guest.goto("/catalog/t-shirts/")
    guest.get_by_role("button", name="В обране: Футболка «Вікно»").click()
    expect(guest).to_have_url(f"{guest.url.split('/account/')[0]}{LIST}")
    expect(guest.locator(".notices")).to_contain_text("Додано в обране")
    guest.goto(HOODIE)
    guest.get_by_role("button", name="В обране", exact=True).click()

    # then both stand in the list, to which the page leads, and nothing there pretends to be pressed
    guest.goto(TEE)
    guest.locator(".product-tools-liked").click()
    expect(guest.locator(CARDS)).to_have_count(2)
    expect(guest.locator(CARDS).first).to_have_attribute("data-slug", "sova-hoodie")
    expect(guest.locator("[aria-pressed]")).to_have_count(0)
    expect(guest.locator(".favourites .favourite-toggle").first).to_be_hidden()

    # when one is taken out
    guest.locator(".account-more summary").click()
    guest.locator(".account-rows li").first.get_by_role("button", name="Прибрати").click()

    # then the other is left, in the other language too, by the link of the header
    expect(guest.locator(".notices")).to_contain_text("Прибрано з обраного")
    expect(guest.locator(CARDS)).to_have_count(1)
    guest.set_viewport_size({"width": 430, "height": 900})
    guest.goto("/en/")
    guest.locator(".site-header").get_by_role("link", name="favourites").click()
    expect(guest.locator(CARDS)).to_have_attribute("data-slug", "vikno-tee")
    guest.goto("/en/product/sova-hoodie/")
    guest.get_by_role("button", name="Favourite", exact=True).click()
    guest.wait_for_url("**/en/account/favourites/")
    expect(guest.locator(CARDS)).to_have_count(2)


@without_scripts
@pytest.mark.parametrize("path", ["/", "/catalog/", "/catalog/t-shirts/", "/find/?q=kolos", TEE])
def test_without_scripts_every_heart_is_there_and_has_its_form(guest: Page, path: str) -> None:
    guest.goto(path)
    hearts = guest.locator(".favourite-toggle button")
    assert hearts.count()
    for heart in hearts.all():
        expect(heart).to_be_visible()
        expect(heart).to_have_attribute("form", "favourite")
    expect(guest.locator("form#favourite")).to_have_count(1)


@with_scripts
@pytest.mark.parametrize("path", ["/catalog/t-shirts/", TEE])
def test_a_press_before_the_script_is_there_counts(guest: Page, path: str) -> None:
    # given a page whose script is late
    held: list[Route] = []
    script = "**/assets/product-elements-*.js" if path == TEE else "**/assets/category-*.js"
    guest.route(script, lambda route: held.append(route))
    guest.goto(path, wait_until="commit")
    heart = guest.locator(".favourite-toggle button[value=vikno-tee]").first
    expect(heart).to_be_visible()
    assert heart.get_attribute("aria-pressed") is None

    # when its heart is pressed
    heart.click()

    # then the list has it, in the cookie no more but in the memory of the browser, and the heart says so
    guest.wait_for_url(f"**{LIST}")
    come_alive(guest)
    expect(guest.locator(CARDS)).to_have_attribute("data-slug", "vikno-tee")
    expect(guest.locator(f"{CARDS} .favourite-toggle button")).to_have_attribute("aria-pressed", "true")
    assert "liked" not in cookie_names(guest)
    assert '"vikno-tee":' in guest.evaluate(KEPT)


@with_scripts
def test_words_of_the_cookie_are_taken_over_and_the_later_one_counts(guest: Page, shop: Shop) -> None:
    # given a browser with a memory, and a cookie with words, of which some are garbage
    guest.goto("/privacy/")
    memory = '{"vikno-tee":50,"sova-hoodie":50,"kolos-tee":-50}'
    guest.evaluate(f"localStorage.setItem('twocomms:favourites', '{memory}')")
    told_by_cookie(guest, shop, "vikno-tee.-60~sova-hoodie.-40~x~constructor.y~mist-longsleeve.70~kolos-tee.-40")

    # when any page with hearts is opened
    visit(guest, "/catalog/t-shirts/")

    # then both are one, and the cookie is gone
    assert guest.evaluate(f"JSON.parse({KEPT})") == {
        "vikno-tee": -60,
        "sova-hoodie": 50,
        "kolos-tee": -50,
        "mist-longsleeve": 70,
    }
    assert "liked" not in cookie_names(guest)
    visit(guest, LIST)
    expect(guest.locator(CARDS)).to_have_count(2)


@with_scripts
def test_the_list_forgets_what_scripts_took_out_after_the_cookie_was_written(guest: Page, shop: Shop) -> None:
    guest.goto("/privacy/")
    guest.evaluate("localStorage.setItem('twocomms:favourites', '{\"vikno-tee\":-60}')")
    told_by_cookie(guest, shop, "vikno-tee.50")
    visit(guest, LIST)
    expect(guest.locator(".favourites-none")).to_be_visible()
    expect(guest.locator(CARDS)).to_have_count(0)


@with_scripts
def test_with_scripts_a_heart_is_pressed_where_it_stands_and_posts_nothing(guest: Page) -> None:
    posts: list[str] = []
    guest.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    visit(guest, "/catalog/t-shirts/")
    heart = guest.locator(".favourite-toggle button[value=vikno-tee]").first
    expect(heart).to_have_attribute("aria-pressed", "false")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_have_accessible_name("В обране: Футболка «Вікно»")
    heart.press("Enter")
    expect(heart).to_have_attribute("aria-pressed", "false")
    assert guest.url.endswith("/catalog/t-shirts/")
    assert not posts


@with_scripts
def test_what_the_list_takes_out_stays_out_although_the_clock_of_the_browser_runs_ahead(guest: Page) -> None:
    # given a list of a browser that lives in the future
    guest.goto("/privacy/")
    guest.evaluate("localStorage.setItem('twocomms:favourites', `{\"vikno-tee\":${Date.now() + 9e6}}`)")
    visit(guest, LIST)
    expect(guest.locator(CARDS)).to_have_count(1)

    # when a thing is taken out by the form below it
    guest.locator(".account-more summary").click()
    guest.get_by_role("button", name=re.compile("Прибрати.*«Вікно»")).click()

    # then it does not come back
    expect(guest.locator(".notices")).to_contain_text("Прибрано з обраного")
    come_alive(guest)
    expect(guest.locator(".favourites-none")).to_be_visible()
    assert guest.evaluate(f"JSON.parse({KEPT})['vikno-tee']") < 0


@with_scripts
def test_a_browser_that_keeps_nothing_lets_the_form_put_in(guest: Page) -> None:
    guest.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    visit(guest, "/catalog/t-shirts/")
    guest.locator(".favourite-toggle button[value=vikno-tee]").first.click()
    guest.wait_for_url(f"**{LIST}")
    expect(guest.locator(CARDS)).to_have_attribute("data-slug", "vikno-tee")


@with_scripts
def test_a_damaged_cookie_leaves_nothing_in_the_memory_that_an_account_would_refuse(guest: Page, shop: Shop) -> None:
    told_by_cookie(guest, shop, f"Kolos_Tee.5~-a-.5~{'a' * 41}.5~vikno-tee.0~sova-hoodie.7")
    visit(guest, "/catalog/t-shirts/")
    assert guest.evaluate(f"JSON.parse({KEPT})") == {"sova-hoodie": 7}
