"""The till in a browser, with scripts and without: a code, an undo, and a form that says what to mend."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Shop, visit, window
from tests.e2e.states import fill_checkout, put_into_cart
from tests.e2e.test_purchase import choose

pytestmark = pytest.mark.browser

CODE = "DROP22"


@pytest.fixture(scope="module")
def code(shop: Shop) -> str:
    """A code that takes a tenth off, made by the command that staff use."""
    home = shop.content.parent
    folders = {f"TWOCOMMS_{name}_DIR": str(home / name.lower()) for name in ("CONTENT", "BUILD", "VAR")}
    command = [sys.executable, "-m", "commerce_api.cli", "promo", "create", "percent", "10", "--code", CODE]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **folders}, check=True, capture_output=True)
    return CODE


def test_a_code_an_undo_and_a_mended_form_end_in_an_order(phone: Page, scripts: bool, code: str) -> None:
    # given two things in the cart, one of them taken out and put back
    choose(phone, "/product/vikno-tee/", scripts)
    choose(phone, "/product/sova-hoodie/", scripts)
    visit(phone, "/cart/")
    lines = phone.locator(".cart-lines li")
    lines.last.locator("button[name=remove]").click()
    expect(lines).to_have_count(1)
    phone.locator(".cart-undo-press").click()
    expect(lines).to_have_count(2)
    # when a wrong code is tried, its text stays and the reason is said; the right one becomes a chip
    phone.locator(".promo summary").click()
    phone.fill("#promo", "nope22")
    phone.locator("#promo-apply").click()
    expect(phone.locator("#promo-error")).to_contain_text("NOPE22")
    expect(phone.locator("#promo")).to_have_value("nope22")
    phone.fill("#promo", code.lower())
    phone.press("#promo", "Enter")
    expect(phone.locator(".promo-chip")).to_contain_text(code)
    # and the form is sent with a wrong phone first
    phone.get_by_role("link", name=re.compile("Оформити")).click()
    phone.wait_for_url("**/checkout/")
    fill_checkout(phone)
    phone.fill("#phone", "123")
    phone.locator(".checkout-send").click()
    expect(phone.locator("#phone-error")).to_be_visible()
    expect(phone.locator(".promo-chip")).to_contain_text(code)
    phone.fill("#phone", "0671234567")
    total = phone.locator(".totals-sum dd").inner_text()
    phone.locator(".checkout-send").click()
    # then the order keeps the code and the sum that stood on the button
    phone.wait_for_url("**/order/*/")
    expect(phone.locator(".totals-sum dd")).to_have_text(total)
    expect(phone.locator(".totals-discount")).to_contain_text(code)


def test_fewer_more_and_another_size_are_kept(phone: Page, scripts: bool) -> None:
    # given a cart
    choose(phone, "/product/vikno-tee/", scripts)
    visit(phone, "/cart/")
    # when one more is wanted, in the next size
    phone.locator("[id^=more-]").click()
    expect(phone.locator(".cart-line-quantity")).to_have_value("2")
    size = phone.locator(".cart-line-sku")
    other = size.locator("option").nth(1).get_attribute("value") or ""
    size.select_option(other)
    if not scripts:
        phone.locator(".cart-line-save").click()
    # then both are still so after the page was opened anew
    expect(phone.locator(f".cart-line-sku option[value='{other}'][selected]")).to_have_count(1)
    visit(phone, "/cart/")
    expect(phone.locator(".cart-line-sku")).to_have_value(other)
    expect(phone.locator(".cart-line-quantity")).to_have_value("2")


def test_what_is_ordered_stays_in_sight_beside_the_form(chromium: Browser, shop: Shop) -> None:
    # given a checkout on a desk
    with window(chromium, shop, viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        put_into_cart(page)
        visit(page, "/checkout/")
        # when the button that orders is gone to
        page.locator(".checkout-send").scroll_into_view_if_needed()
        # then what is ordered is still seen, and so is what it comes to
        expect(page.locator(".checkout-summary .order-lines-name")).to_be_in_viewport()
        expect(page.locator(".checkout-summary [data-sum=payable]")).to_be_in_viewport()
