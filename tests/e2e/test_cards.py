"""A finger on the cards of a list."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Shop, visit, window

pytestmark = pytest.mark.browser


@pytest.fixture
def touched(chromium: Browser, shop: Shop) -> Iterator[Page]:
    """A phone whose screen is touched."""
    with window(chromium, shop, has_touch=True, is_mobile=True) as context:
        yield context.new_page()


def draw(page: Page, card: Locator, *, across: int, down: int = 0) -> None:
    """Draw a finger over the picture of a card, so many pixels."""
    box = card.locator(".product-card-pictures").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in (0.25, 0.5, 0.75, 1):
        point = {"x": x + across * step, "y": y + down * step}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_drawn_across_a_card_shows_its_second_picture_and_the_first_one_again(touched: Page) -> None:
    # given a list on a phone
    visit(touched, "/catalog/hoodies/")
    card = touched.locator(".product-card", has=touched.locator(".product-card-second")).first
    second = card.locator(".product-card-second")
    expect(second).to_be_hidden()

    # when a finger is drawn across a card, it shows its second picture, and nobody is led away
    draw(touched, card, across=-70)
    expect(second).to_be_visible()
    expect(second.locator("img")).to_have_js_property("complete", True)

    # when it is drawn back, the first one
    draw(touched, card, across=70)
    expect(second).to_be_hidden()
    expect(touched).to_have_url("/catalog/hoodies/")


def test_a_finger_that_scrolls_or_taps_turns_no_card(touched: Page) -> None:
    visit(touched, "/catalog/hoodies/")
    card = touched.locator(".product-card", has=touched.locator(".product-card-second")).first

    draw(touched, card, across=-40, down=-200)
    expect(card.locator(".product-card-second")).to_be_hidden()

    card.locator(".product-card-name a").tap()
    touched.wait_for_url("**/product/**")


def test_a_turned_card_turns_no_card_that_is_made_after_its_likeness(touched: Page) -> None:
    # given the page of the search, whose first card shows its second picture
    visit(touched, "/search/")
    first = touched.locator(".product-card").first
    draw(touched, first, across=-70)
    expect(first.locator(".product-card-second")).to_be_visible()

    # when something is looked for
    touched.locator("main input[type=search]").fill("вікно")
    expect(touched.locator(".product-card-name").first).to_contain_text("«Вікно»")

    # then its cards show their first pictures
    expect(touched.locator(".product-card-second:visible")).to_have_count(0)
