"""A shopper narrows a list: with scripts on the page itself, without them by plain pages and the sidecar."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import Shop, visit, window

pytestmark = pytest.mark.browser

SHOWN = "product-list > .card-grid > li"


@pytest.fixture
def wide(shop: Shop, chromium: Browser, scripts: bool) -> Iterator[Page]:
    """A page on a wide screen."""
    with window(chromium, shop, viewport={"width": 1280, "height": 900}, java_script_enabled=scripts) as context:
        yield context.new_page()


with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["with-scripts"])
without_scripts = pytest.mark.parametrize("scripts", [False], indirect=True, ids=["without-scripts"])


def tick(page: Page, group: str, value: str) -> None:
    """Open a menu of the filters and choose a value."""
    page.locator(f"[data-group={group}] summary").click()
    page.locator(f"[data-group={group}] label", has=page.locator(f"input[value={value}]")).click()
    page.keyboard.press("Escape")


@with_scripts
def test_a_list_can_be_narrowed_before_its_script_is_there(wide: Page) -> None:
    # given a phone whose script does not come
    wide.set_viewport_size({"width": 390, "height": 844})
    wide.route("**/assets/catalog-*.js", lambda route: route.abort())
    wide.goto("/catalog/")

    # when the filters are opened and used
    wide.locator(".filter-open").click()
    tick(wide, "size", "XS")
    wide.locator(".filter-show").click()

    # then the sidecar answers
    wide.wait_for_url("**/find/?*size=XS*")
    expect(wide.locator("main .card-grid > li").first).to_be_visible()


@with_scripts
def test_what_is_chosen_early_counts_when_the_script_comes(wide: Page) -> None:
    # given a list whose script is late, and a colour that was chosen meanwhile
    held: list[Route] = []
    wide.route("**/assets/catalog-*.js", lambda route: held.append(route))
    with wide.expect_request("**/assets/catalog-*.js"):
        wide.goto("/catalog/", wait_until="commit")
    tick(wide, "colour", "coal")

    # when it comes
    held[0].continue_()

    # then the list is narrowed
    expect(wide.locator(SHOWN)).to_have_count(3)
    expect(wide).to_have_url(re.compile(r"/catalog/\?colour=coal$"))


@with_scripts
def test_what_is_chosen_stands_in_the_address_and_back_brings_it_back(wide: Page) -> None:
    # given the whole catalogue, when colour and size are chosen
    visit(wide, "/catalog/")
    tick(wide, "colour", "coal")
    expect(wide.locator(SHOWN)).to_have_count(3)
    tick(wide, "size", "XS")

    # then the list, its count, its chips and its address say so, and the card wears the colour
    expect(wide.locator(SHOWN)).to_have_count(1)
    expect(wide.locator(".list-total")).to_have_text("1 річ")
    expect(wide).to_have_url(re.compile(r"/catalog/\?colour=coal&size=XS$"))
    expect(wide.locator(".chips button")).to_have_count(3)
    expect(wide.locator(f"{SHOWN} .product-card-colours [aria-current]")).to_have_attribute("aria-label", "вугілля")
    expect(wide.locator("input[value=moss]")).to_be_disabled()

    # when a product is looked at and left by "back"
    wide.locator(f"{SHOWN} h3 a").click()
    wide.wait_for_url("**/product/sova-hoodie/")
    wide.go_back()

    # then nothing is lost, and one chip less shows more
    expect(wide.locator(SHOWN)).to_have_count(1)
    expect(wide.locator("input[value=coal]")).to_be_checked()
    wide.locator(".chips button", has_text="XS").click()
    expect(wide.locator(SHOWN)).to_have_count(3)
    wide.locator(".chips [data-name=all]").click()
    expect(wide).to_have_url(re.compile(r"/catalog/$"))
    expect(wide.locator(".list-rest")).to_be_visible()


@with_scripts
@pytest.mark.parametrize("path", ["/catalog/t-shirts/", "/en/catalog/t-shirts/milk/"])
def test_cards_made_by_the_script_are_those_of_the_page(wide: Page, path: str) -> None:
    def cards() -> list[str]:
        told: list[str] = wide.locator(SHOWN).evaluate_all("items => items.map((item) => item.innerHTML)")
        told = [re.sub(r' (?:loading="lazy"|decoding="async"|fetchpriority="high")', "", html) for html in told]
        return [re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip() for html in told]

    visit(wide, path)
    rendered = cards()
    wide.locator("product-list").evaluate(
        "async (list) => { list.dataset.page = 'another'; await list.show(list.state, 24); }"
    )

    assert cards() == rendered


@without_scripts
def test_without_scripts_a_colour_is_a_page_and_the_form_asks_the_sidecar(wide: Page) -> None:
    visit(wide, "/catalog/t-shirts/")
    wide.locator(".colour-links a", has_text="мох").click()
    wide.wait_for_url("**/catalog/t-shirts/moss/")
    expect(wide.locator(SHOWN)).to_have_count(1)

    tick(wide, "size", "M")
    wide.locator(".filter-show").click()

    wide.wait_for_url(re.compile(r"/find/\?category=t-shirts&colour=moss&size=M&"))
    expect(wide.locator(".product-card")).to_have_count(1)


@with_scripts
@pytest.mark.parametrize("path", ["/catalog/?colour=coal&sort=price", "/search/?q=kolos"])
def test_another_language_shows_what_this_one_was_narrowed_to(wide: Page, path: str) -> None:
    visit(wide, path)
    wide.locator(".sheet-edge-languages a").click()
    expect(wide).to_have_url(re.compile(re.escape(f"/en{path}") + "$"))


@without_scripts
def test_without_scripts_another_language_shows_what_was_asked(wide: Page) -> None:
    visit(wide, "/find/?q=kolos&colour=coal")
    wide.locator(".sheet-edge-languages a").click()
    expect(wide).to_have_url(re.compile(r"/en/find/\?q=kolos&colour=coal$"))
    expect(wide.locator("#search-query")).to_have_value("kolos")


ROWS = """([list, count]) => {
  const cards = [...list.children];
  while (cards.length < count) cards.push(list.appendChild(cards[0].cloneNode(true)));
  cards.splice(count).forEach((card) => card.remove());
  const boxes = cards.map((card) => card.getBoundingClientRect());
  const rows = Map.groupBy(boxes, (box) => Math.round(box.top)).values();
  return [...rows].map((row) => Math.round(list.getBoundingClientRect().right - row.at(-1).right));
}"""
"""The room that is left at the end of each row when a list has so many cards."""


@with_scripts
@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize(("path", "cards"), [("/catalog/t-shirts/", ".card-grid"), ("/journal/", ".article-list")])
def test_no_row_ends_with_an_empty_place(wide: Page, width: int, path: str, cards: str) -> None:
    # given a list in a window, when it holds any number of cards, then every row is as wide as the list
    wide.set_viewport_size({"width": width, "height": 900})
    visit(wide, path)
    listed = wide.locator(cards).first.element_handle()
    for count in (*range(12, 0, -1), 13, 23):
        assert set(wide.evaluate(ROWS, [listed, count])) == {0}, count
