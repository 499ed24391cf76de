"""A purchase by keyboard alone: Tab reaches everything, the focus is seen all the way, nothing lies over it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, Shop, visit, window

pytestmark = pytest.mark.browser

MOST_TABS = 120
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.closest("label") ?? (at.id && document.querySelector(`label[for="${CSS.escape(at.id)}"]`)) ?? at;
  const place = (at.matches("input[type=radio], input[type=checkbox]") ? box : at);
  const { left, top, width, height } = place.getBoundingClientRect();
  const x = Math.min(Math.max(left + width / 2, 0), innerWidth - 1);
  const y = top + height / 2;
  const over = document.elementFromPoint(x, y);
  const rings = [at, place, ...place.querySelectorAll("*")].map((node) => getComputedStyle(node));
  return {
    name: `${at.tagName.toLowerCase()} ${at.name ?? ""} ${at.className} ${(at.textContent ?? "").trim().slice(0, 40)}`,
    selector: at.getAttribute("name") ?? "",
    text: (at.textContent ?? "").trim(),
    ringed: rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0),
    covered: y < 0 || y > innerHeight || !(over && (place.contains(over) || over.contains(place))),
  };
}"""


@pytest.fixture(params=["phone", "desktop"])
def keys(chromium: Browser, shop: Shop, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window whose mouse nobody touches."""
    size = PHONE if request.param == "phone" else {"width": 1280, "height": 720}
    with window(chromium, shop, viewport=size, reduced_motion="reduce") as context:
        yield context.new_page()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on an element of this selector; every stop on the way must be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUSED)
        if focus is None:
            continue
        assert focus["ringed"], f"the focus cannot be seen on {focus['name']}"
        assert not focus["covered"], f"something lies over the focused {focus['name']}"
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"{wanted} was not reached with {MOST_TABS} tabs")


def type_into(page: Page, name: str, text: str) -> None:
    """Reach a field and fill it."""
    tab_to(page, f"[name={name}]")
    page.keyboard.type(text)


def test_an_order_is_placed_without_touching_the_mouse(keys: Page) -> None:
    # given a shopper with a keyboard on a product's page
    visit(keys, "/product/vikno-tee/")
    # when a size is chosen and put into the cart
    tab_to(keys, "[name=sku]")
    keys.keyboard.press("Space")
    tab_to(keys, ".buy-form [type=submit], [form=buy], #buy [type=submit]")
    keys.keyboard.press("Enter")
    # then the drawer has the focus, and Escape gives it back to the page
    drawer = keys.get_by_role("dialog")
    expect(drawer).to_be_visible()
    assert keys.evaluate("() => Boolean(document.activeElement.closest('dialog'))")
    keys.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    # when the checkout is filled in and sent
    visit(keys, "/checkout/")
    type_into(keys, "name", "Шевченко Олена")
    type_into(keys, "phone", "0671234567")
    type_into(keys, "city", "Харків")
    type_into(keys, "branch", "Відділення 12")
    # cash on delivery is the last of the ways to pay: up from the first one
    tab_to(keys, "[name=payment]")
    keys.keyboard.press("ArrowUp")
    tab_to(keys, ".checkout-send")
    keys.keyboard.press("Enter")
    # then there is an order
    keys.wait_for_url(re.compile("/order/"))
    expect(keys.locator("h1")).to_contain_text("TWC")


def test_the_skip_link_leads_past_the_header(keys: Page) -> None:
    visit(keys, "/product/vikno-tee/")

    keys.keyboard.press("Tab")
    assert "#main" in (keys.evaluate("() => document.activeElement.getAttribute('href')") or "")
    keys.keyboard.press("Enter")
    keys.keyboard.press("Tab")

    assert keys.evaluate("() => Boolean(document.activeElement.closest('main'))")
