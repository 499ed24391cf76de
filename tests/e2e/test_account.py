"""An account in a browser: from the heart on a product to the order in the history, with scripts and without."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Shop, visit
from tests.e2e.states import fill_checkout
from tests.e2e.test_purchase import choose

pytestmark = pytest.mark.browser

PASSWORD = "вітер над очеретом 7"
PATIENCE = 180.0
"""Seconds for a letter: the worker starts last and lets others go first."""


def link_sent(page: Page, shop: Shop, email: str) -> str:
    """The link to the account in the letters that came to an address; letters about orders come there as well."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        letters = page.request.get(f"{shop.sandbox}/inbox.json", params={"to": email}).json()
        links: list[str] = [link for letter in letters for link in letter["links"] if "/account/verify/" in link]
        if links:
            return links[-1]
        time.sleep(0.2)
    raise AssertionError(f"no link to {email}")


def test_a_guest_becomes_a_customer_with_a_history(phone: Page, shop: Shop, scripts: bool) -> None:
    email = f"hist-{scripts}@example.com".lower()
    # given a favourite of the browser and an order placed as a guest
    visit(phone, "/product/sova-hoodie/")
    phone.get_by_role("button", name="В обране", exact=True).click()
    visit(phone, "/account/favourites/")
    expect(phone.locator(".favourites .card-grid > li")).to_have_count(1)
    choose(phone, "/product/vikno-tee/", scripts)
    visit(phone, "/checkout/")
    fill_checkout(phone)
    phone.fill("input[name=email]", email)
    phone.locator(".checkout-send").click()
    phone.wait_for_url("**/order/*/")
    number = phone.locator("h1").inner_text()
    # when they open an account on the order's page with a password alone
    phone.fill("#new-password", PASSWORD)
    phone.locator(".order-claim button").click()
    expect(phone.locator(".notices")).to_contain_text("Лист уже в дорозі")
    visit(phone, link_sent(phone, shop, email))
    phone.fill("#password", PASSWORD)
    phone.locator(".door-form button").click()
    phone.wait_for_url("**/account/")
    # then the order stands in their history and the favourite in their list
    expect(phone.locator(".own-orders a")).to_have_text(number)
    phone.locator(".own-orders a").click()
    phone.wait_for_url("**/order/*/")
    expect(phone.locator("h1")).to_have_text(number)
    visit(phone, "/account/favourites/")
    expect(phone.locator(".card-grid > li")).to_have_count(1)
    if scripts:
        expect(phone.locator(".account-link")).to_have_attribute("data-in", "")
    # and leaving closes the door behind them
    phone.locator(".account-menu button").click()
    phone.wait_for_url(re.compile(r"/$"))
    visit(phone, "/account/orders/")
    expect(phone).to_have_url(re.compile("/account/sign-in/"))
