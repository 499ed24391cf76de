"""The product page in a real browser: other colours in place, live sizes, the small cart, the large picture."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import DESKTOP, ROOT, Shop, visit, window

pytestmark = pytest.mark.browser

TEE = "/product/vikno-tee/"
COUNTED = "/product/mist-longsleeve/coal/"
"""S has one piece, M two, L and XL none, XXL four (content/catalog/mist-longsleeve)."""
NIGHT, MILK = "TC-VIKNO-TEE-NIGHT", "TC-VIKNO-TEE-MILK"


@pytest.fixture
def desktop(chromium: Browser, shop: Shop) -> Iterator[Page]:
    """A desktop window of a shopper nobody knows yet."""
    with window(chromium, shop, viewport=DESKTOP) as context:
        yield context.new_page()


@pytest.fixture
def paper(chromium: Browser, shop: Shop) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    with window(chromium, shop, java_script_enabled=False) as context:
        yield context.new_page()


def set_stock(shop: Shop, sku: str, count: str) -> None:
    """Staff set what is left of a SKU."""
    environment = {**os.environ, "TWOCOMMS_VAR_DIR": str(shop.build.parent / "var")}
    command = [sys.executable, "-m", "commerce_api.cli", "stock", "set", sku, count]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def size(page: Page, name: str) -> None:
    """Choose a size as a thumb does."""
    page.locator(".size-picker-size", has_text=re.compile(f"^{name}(, немає)?$")).click(force=True)


def add(page: Page) -> None:
    page.locator(".buy-form-bar button").click()


def shifted(page: Page) -> float:
    """How far the layout has moved by itself since the page was opened."""
    script = """() => new Promise((done) => {
      let sum = 0;
      const count = (entry) => (sum += entry.hadRecentInput ? 0 : entry.value);
      const watch = new PerformanceObserver((list) => list.getEntries().forEach(count));
      watch.observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(sum), 300);
    })"""
    moved: float = page.evaluate(script)
    return moved


def test_who_presses_before_the_scripts_are_there_buys_all_the_same(desktop: Page) -> None:
    # given a product of which only the page has come so far
    desktop.route("**/assets/product-elements-*.js", lambda route: route.abort())
    desktop.goto(TEE)

    # when a size is put into the cart
    size(desktop, "L")
    add(desktop)

    # then it is there, on the page of the cart instead of the small one
    desktop.wait_for_url("**/cart/")
    expect(desktop.locator(".cart-lines li")).to_have_count(1)


def test_another_colour_is_shown_in_place_and_back_leaves_the_product(desktop: Page) -> None:
    # given a shopper who came from the list and chose a size
    visit(desktop, "/catalog/t-shirts/")
    visit(desktop, TEE)
    size(desktop, "L")
    desktop.evaluate("window.kept = true")

    # when they choose another colour
    desktop.locator(".colour-switch a").nth(1).click()

    # then pictures, sizes, words and address are those of that colour, without a load
    expect(desktop.locator("#colour-switch-name")).to_contain_text("молоко")
    expect(desktop.locator("input[name=sku]:checked")).to_have_value(f"{MILK}-L")
    expect(desktop.locator(".buy-form-choice")).to_have_text("L")
    expect(desktop.locator(".product-gallery img").first).to_have_attribute("alt", re.compile("молоко"))
    expect(desktop.locator(".colour-switch [role=status]")).to_have_text(re.compile("молоко, 890"))
    expect(desktop.locator(".colour-switch a").nth(1)).to_be_focused()
    assert desktop.url.endswith("/product/vikno-tee/milk/")
    assert "молоко" in desktop.title()
    expect(desktop.locator("link[rel=canonical]")).to_have_attribute("href", re.compile("/vikno-tee/milk/$"))
    assert desktop.evaluate("window.kept")

    # and back leads to the list, and forward to the same colour
    desktop.go_back()
    expect(desktop).to_have_url(re.compile("/catalog/t-shirts/$"))
    desktop.go_forward()
    expect(desktop.locator("#colour-switch-name")).to_contain_text("молоко")


def test_a_size_that_is_gone_is_struck_in_words_and_few_are_said(desktop: Page) -> None:
    # when the page has asked for live figures
    visit(desktop, COUNTED)
    gone = desktop.locator("input[value$=COAL-L]")
    expect(gone).to_be_disabled()

    # then words say it too, and nothing has moved
    expect(desktop.get_by_role("radio", name=re.compile(r"^L\s*, немає"), disabled=True)).to_be_attached()
    size(desktop, "M")
    expect(desktop.locator(".size-picker-stock")).to_have_text("Лишилося 2 штуки")
    expect(desktop.locator("delivery-day")).to_contain_text("приїде")
    assert shifted(desktop) < 0.001


def test_no_figures_leave_the_page_as_it_is(desktop: Page) -> None:
    desktop.route("**/live/**", lambda route: route.abort())
    visit(desktop, COUNTED)
    desktop.wait_for_timeout(600)
    expect(desktop.locator("input[name=sku]:disabled")).to_have_count(0)
    expect(desktop.locator(".restock-form")).to_be_visible()
    expect(desktop.locator("delivery-day")).to_have_text("У дорозі 1–3 дні")


def test_a_new_price_is_told_as_new(desktop: Page) -> None:
    def dearer(route: Route) -> None:
        answer = route.fetch()
        figures = {sku: {**figure, "price": 95_000} for sku, figure in answer.json().items()}
        route.fulfill(response=answer, json=figures)

    desktop.route("**/live/**", dearer)
    visit(desktop, TEE)
    expect(desktop.locator(".buy-form-answer")).to_have_text("Нова ціна: 950\u00a0₴, була 890\u00a0₴")
    expect(desktop.locator("[data-sum]")).to_have_text("950\u00a0₴")
    expect(desktop.locator(".product-info .price-now")).to_have_text("950\u00a0₴")


def test_a_size_sold_while_the_page_was_open_is_refused_in_words_and_struck(desktop: Page, shop: Shop) -> None:
    # given a chosen size whose last piece goes to somebody else
    visit(desktop, TEE)
    expect(desktop.locator(".restock-form")).to_be_hidden()
    size(desktop, "XXL")
    expect(desktop.locator(".buy-form-choice")).to_have_text("XXL")
    set_stock(shop, f"{NIGHT}-XXL", "0")

    # when it is put into the cart
    add(desktop)

    # then words say so, the size is struck, and pressing it offers to be told
    expect(desktop.locator(".buy-form-answer")).to_contain_text("розібрали")
    expect(desktop.locator("input[value$=NIGHT-XXL]")).to_be_disabled()
    size(desktop, "XXL")
    expect(desktop.locator("#restock-contact")).to_be_focused()
    expect(desktop.locator("#restock-sku")).to_have_value(f"{NIGHT}-XXL")
    desktop.fill("#restock-contact", "olena")
    desktop.keyboard.press("Enter")
    expect(desktop.locator(".restock-form-answer")).to_contain_text("Перевірте")
    expect(desktop.locator("#restock-contact")).to_have_value("olena")
    desktop.fill("#restock-contact", "olena@example.com")
    desktop.keyboard.press("Enter")
    expect(desktop.locator(".restock-form-answer")).to_contain_text("Записали")
    set_stock(shop, f"{NIGHT}-XXL", "made-to-order")


def test_without_scripts_a_wish_is_noted_by_a_page(paper: Page) -> None:
    paper.goto(COUNTED)
    paper.locator(".restock-form summary").click()
    paper.select_option("#restock-sku", label="XL")
    paper.fill("#restock-contact", "067 123 45 67")
    paper.locator(".restock-form button").click()
    expect(paper.locator("main")).to_contain_text("Записали")
    paper.get_by_role("link", name="До речі").click()
    expect(paper).to_have_url(re.compile(f"{COUNTED}$"))


def test_without_scripts_nothing_that_needs_them_is_offered(paper: Page) -> None:
    paper.goto(TEE)
    for name in (".product-gallery-steps", ".share-link", ".seen-products", ".restock-form"):
        expect(paper.locator(name)).to_be_hidden()
    add(paper)
    # The browser itself asks for a size: nothing was sent.
    expect(paper).to_have_url(re.compile(f"{TEE}$"))
    paper.locator(".colour-switch a").nth(1).click()
    expect(paper.locator("#colour-switch-name")).to_contain_text("молоко")


def test_the_small_cart_takes_focus_and_gives_it_back(desktop: Page) -> None:
    # given nothing chosen: the button leads to the sizes
    visit(desktop, TEE)
    add(desktop)
    expect(desktop.locator(".size-picker-stock")).to_have_text("Спершу оберіть розмір")
    expect(desktop.locator("input[name=sku]").first).to_be_focused()

    # when a size is added by keyboard
    desktop.keyboard.press("Space")
    desktop.locator(".buy-form-bar button").focus()
    desktop.keyboard.press("Enter")

    # then the drawer has focus and says what is in it; quantities change in place
    drawer = desktop.get_by_role("dialog")
    expect(drawer.get_by_role("heading")).to_be_focused()
    expect(drawer.locator("[role=status]")).to_contain_text("Вікно")
    drawer.get_by_role("button", name=re.compile("На одну більше")).click()
    expect(drawer.locator("output")).to_have_text("2")
    expect(drawer.locator("[data-goods]")).to_have_text("1\u00a0780\u00a0₴")
    expect(desktop.locator(".cart-count")).to_have_text("2")

    # and what was removed comes back
    drawer.get_by_role("button", name=re.compile("Прибрати")).click()
    expect(drawer.get_by_role("button", name="Повернути")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(drawer.locator("output")).to_have_text("2")
    desktop.keyboard.press("Escape")
    expect(desktop.locator(".buy-form-bar button")).to_be_focused()


def test_the_small_cart_tells_the_cut_where_there_are_two(desktop: Page) -> None:
    visit(desktop, "/product/kolos-tee/")
    desktop.locator(".size-picker-size", has=desktop.locator("[value$=-OS]")).first.click()
    add(desktop)
    expect(desktop.locator(".cart-drawer-choice")).to_have_text("вугілля · S · оверсайз")


def test_without_a_connection_the_choice_stays_and_words_say_why(desktop: Page) -> None:
    visit(desktop, TEE)
    size(desktop, "M")
    desktop.context.set_offline(True)
    add(desktop)
    expect(desktop.locator(".buy-form-answer")).to_contain_text("Немає зв’язку")
    desktop.context.set_offline(False)
    expect(desktop.locator("input[name=sku]:checked")).to_have_value(f"{NIGHT}-M")
    add(desktop)
    expect(desktop.get_by_role("dialog")).to_be_visible()


def test_a_picture_is_looked_at_closely_by_keyboard(desktop: Page) -> None:
    # given
    visit(desktop, TEE)
    link = desktop.locator(".product-gallery-open").first
    shown = desktop.locator(".product-gallery-frame img").first.bounding_box()
    link.focus()

    # when
    desktop.keyboard.press("Enter")

    # then it is at least twice as large, moves by keys, and closing gives focus back
    large = desktop.locator(".picture-zoom-field img")
    expect(large).to_be_visible()
    box = large.bounding_box()
    assert shown
    assert box
    assert box["width"] >= 2 * shown["width"]
    before = desktop.locator(".picture-zoom-field").evaluate("field => field.scrollTop")
    desktop.keyboard.press("ArrowDown")
    desktop.wait_for_function("top => document.querySelector('.picture-zoom-field').scrollTop > top", arg=before)
    desktop.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(link).to_be_focused()

    # and arrows move the strip
    desktop.keyboard.press("ArrowRight")
    expect(desktop.locator(".product-gallery-thumbs a").nth(1)).to_have_attribute("aria-current", "true")


def test_what_was_seen_and_liked_is_remembered_here_alone_and_forgotten_on_demand(desktop: Page) -> None:
    # given a product that was liked
    visit(desktop, TEE)
    heart = desktop.get_by_role("button", name="В обране").first
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")

    # when another one is looked at
    visit(desktop, "/product/sova-hoodie/")

    # then the first is shown again, until it is forgotten
    seen = desktop.locator(".seen-products")
    expect(seen.get_by_role("link")).to_have_count(1)
    expect(seen.get_by_role("link")).to_have_attribute("href", TEE)

    # but not on a page in another language, whose name it does not know
    visit(desktop, "/en/product/mist-longsleeve/")
    expect(desktop.locator(".product-name")).to_be_visible()
    expect(desktop.locator(".seen-products a")).to_have_count(0)
    expect(desktop.locator(".seen-products")).to_be_hidden()
    visit(desktop, "/product/sova-hoodie/")
    expect(seen.get_by_role("link")).to_have_count(1)
    seen.get_by_role("button").click()
    expect(seen).to_be_hidden()
    visit(desktop, TEE)
    expect(desktop.locator(".seen-products a")).to_have_count(0)
    expect(heart).to_have_attribute("aria-pressed", "true")


def test_a_guests_list_takes_over_the_name_that_a_product_has_now(desktop: Page) -> None:
    # given a browser that knows a product by a name it has left
    def renamed(route: Route) -> None:
        answer = route.fetch(url=route.request.url.replace("old-tee", "vikno-tee"))
        told = """<favourites-list data-renamed='{"old-tee":"vikno-tee"}'"""
        route.fulfill(response=answer, body=answer.text().replace("<favourites-list", told))

    desktop.goto(TEE)
    desktop.evaluate("localStorage.setItem('twocomms:favourites', '{\"old-tee\":5}')")
    desktop.route("**/account/favourites/?products=old-tee", renamed)
    # when the list is opened
    desktop.goto("/account/favourites/")
    # then its card is there, the browser has one word about the product, and its heart is pressed
    expect(desktop.locator(".favourites .product-card")).to_have_attribute("data-slug", "vikno-tee")
    assert desktop.evaluate("localStorage.getItem('twocomms:favourites')") == '{"vikno-tee":5}'
    desktop.goto(TEE)
    expect(desktop.locator("favourite-toggle button").first).to_have_attribute("aria-pressed", "true")


def test_a_guest_finds_again_what_was_liked(chromium: Browser, shop: Shop) -> None:
    # given a guest on a small phone who has no account
    with window(chromium, shop, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        visit(page, TEE)
        way = page.locator(".product-tools-liked")
        expect(way).to_be_hidden()
        # when a heart is pressed
        page.get_by_role("button", name="В обране").first.click()
        # then the way to the list stands beside it, at the foot of the page, and in the header where there is room
        way.click()
        expect(page.locator(".favourites .product-card")).to_have_attribute("data-slug", "vikno-tee")
        visit(page, "/")
        page.locator(".site-footer").get_by_role("link", name="Обране").click()
        expect(page.locator(".favourites .product-card")).to_have_count(1)
        page.set_viewport_size({"width": 430, "height": 900})
        visit(page, "/en/")
        page.locator(".site-header").get_by_role("link", name="favourites").click()
        expect(page.locator(".favourites .product-card")).to_have_count(1)


def test_focus_is_never_under_the_bar_of_a_phone(chromium: Browser, shop: Shop) -> None:
    # given the narrowest phone
    with window(chromium, shop, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        visit(page, COUNTED)
        expect(page.locator("input[value$=COAL-L]")).to_be_disabled()
        bar = page.locator(".buy-form-bar").bounding_box()
        assert bar

        # when everything is walked through by Tab, then what has focus is never wholly behind the bar
        hidden = []
        for _ in range(60):
            page.keyboard.press("Tab")
            held = page.locator("*:focus:not(.buy-form-bar *)")
            box = held.bounding_box() if held.count() else None
            if box and box["y"] >= bar["y"]:
                hidden.append(held.evaluate("element => element.outerHTML"))
        assert hidden == []
