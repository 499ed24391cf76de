"""A shopper on a phone buys two different things, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import visit
from tests.e2e.states import fill_checkout

pytestmark = pytest.mark.browser


def choose(page: Page, path: str, scripts: bool) -> None:
    """Put the first size of a product into the cart, as a thumb would."""
    visit(page, path)
    page.locator(".size-picker-size").first.click()
    page.get_by_role("button", name="До кошика").first.click()
    if scripts:
        drawer = page.get_by_role("dialog")
        expect(drawer).to_be_visible()
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
    else:
        page.wait_for_url("**/cart/")


def order_two(page: Page, scripts: bool) -> str:
    """Buy a T-shirt and a hoodie; returns the order's number."""
    choose(page, "/product/vikno-tee/", scripts)
    choose(page, "/product/sova-hoodie/", scripts)
    visit(page, "/cart/")
    expect(page.locator(".cart-lines li")).to_have_count(2)
    page.get_by_role("link", name=re.compile("Оформити")).click()
    page.wait_for_url("**/checkout/")
    fill_checkout(page)
    page.locator(".checkout-send").click()
    page.wait_for_url("**/order/*/")
    number = page.locator("h1").inner_text()
    assert re.fullmatch(r"TWC\d{8}N\d{2,}", number)
    return number


def test_two_different_things_are_bought_with_cash_on_delivery(phone: Page, scripts: bool) -> None:
    order_two(phone, scripts)
    expect(phone.get_by_text("Харків, Відділення 12")).to_be_visible()
    # The phone number is shown to its owner in part only: the page may be left open somewhere.
    expect(phone.get_by_text("•••")).to_be_visible()
    # The cart is empty afterwards, so that nothing is ordered twice by mistake.
    visit(phone, "/cart/")
    expect(phone.locator(".cart-lines li")).to_have_count(0)


def test_nothing_typed_is_lost_when_a_field_is_wrong(phone: Page, scripts: bool) -> None:
    choose(phone, "/product/vikno-tee/", scripts)
    visit(phone, "/checkout/")
    fill_checkout(phone)
    phone.fill("input[name=phone]", "123")
    phone.locator(".checkout-send").click()
    expect(phone.locator("#phone")).to_have_value("123")
    expect(phone.locator("input[name=city]")).to_have_value("Харків")
    expect(phone.get_by_text(re.compile("дев.ять цифр")).first).to_be_visible()


def test_a_quantity_is_changed_and_a_line_removed_in_the_cart(phone: Page, scripts: bool) -> None:
    choose(phone, "/product/vikno-tee/", scripts)
    choose(phone, "/product/sova-hoodie/", scripts)
    visit(phone, "/cart/")
    lines = phone.locator(".cart-lines li")
    expect(lines).to_have_count(2)
    lines.first.locator("button[name=remove]").click()
    expect(lines).to_have_count(1)


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["with-scripts"])
def test_quick_presses_all_count_in_the_cart_and_in_its_drawer(phone: Page, scripts: bool) -> None:
    # given a thing in the small cart
    visit(phone, "/product/vikno-tee/")
    phone.locator(".size-picker-size").first.click()
    phone.get_by_role("button", name="До кошика").first.click()
    more = phone.locator("[data-deed=more]")
    expect(more).to_be_visible()

    # when "more" is pressed again before the first press was answered
    more.evaluate("button => [1, 2].forEach(() => button.click())")

    # then both count, and so they do on the cart's own page
    expect(phone.locator(".cart-drawer output").first).to_have_text("3")
    visit(phone, "/cart/")
    phone.locator("[name=step][value='1']").evaluate("button => [1, 2, 3].forEach(() => button.click())")
    expect(phone.locator(".cart-line-quantity")).to_have_value("6")


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["with-scripts"])
def test_without_a_connection_an_order_waits_with_everything_typed(phone: Page, scripts: bool) -> None:
    choose(phone, "/product/vikno-tee/", scripts)
    visit(phone, "/checkout/")
    fill_checkout(phone)
    phone.context.set_offline(True)
    phone.locator(".checkout-send").click()
    expect(phone.locator(".checkout-cut")).to_contain_text("Немає зв’язку")
    expect(phone.locator("#name")).not_to_have_value("")
    phone.context.set_offline(False)
    phone.locator(".checkout-send").click()
    phone.wait_for_url("**/order/*/")


def test_a_double_press_of_the_button_makes_one_order(phone: Page, scripts: bool) -> None:
    # given a filled checkout whose request is sent twice
    choose(phone, "/product/vikno-tee/", scripts)
    visit(phone, "/checkout/")
    fill_checkout(phone)
    fields = phone.locator("form[action='/checkout/'] :is(input, textarea)[name]")
    values: dict[str, str | float | bool] = {
        field.get_attribute("name") or "": field.input_value()
        for field in fields.all()
        if field.get_attribute("type") != "radio"
    }
    values["payment"] = "cod"
    headers = {"origin": phone.url.split("/checkout")[0]}
    # when the same form arrives again
    first = phone.request.post("/checkout/", form=values, headers=headers, max_redirects=0)
    second = phone.request.post("/checkout/", form=values, headers=headers, max_redirects=0)
    # then both lead to the same order
    assert first.status == second.status == 303
    assert first.headers["location"] == second.headers["location"]


@pytest.mark.parametrize(
    "path", ["/", "/catalog/", "/catalog/t-shirts/", "/product/kolos-tee/", "/cart/", "/delivery/", "/en/"]
)
def test_no_page_scrolls_sideways_on_the_narrowest_phone(phone: Page, scripts: bool, path: str) -> None:
    if not scripts:
        pytest.skip("measured with scripts on: the layout is the same")
    phone.set_viewport_size({"width": 320, "height": 640})
    visit(phone, path)
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_static_pages_set_no_cookie_and_the_cart_is_never_cached(phone: Page, scripts: bool) -> None:
    for path in ("/", "/product/kolos-tee/", "/catalog/t-shirts/"):
        answer = phone.request.get(path)
        assert "set-cookie" not in answer.headers
        assert "max-age=300" in answer.headers["cache-control"]
    assert phone.request.get("/cart/").headers["cache-control"] == "no-store"
