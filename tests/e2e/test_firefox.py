"""A guest buys in Firefox with scripts off; test_purchase.py does the same walk in Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.services import found
from tests.e2e import firefox
from tests.e2e.conftest import Shop
from tests.e2e.firefox import Window

pytestmark = pytest.mark.browser

MOST_PAGES = 7
"""Loads from the first page to the placed order."""


@pytest.fixture
def fox(shop: Shop, tmp_path: Path) -> Iterator[Window]:
    """A window of a shopper nobody knows yet, whose browser runs no scripts."""
    program = found("firefox-esr") or found("firefox")
    if not program:
        pytest.skip("Firefox is missing: apt-get install firefox-esr, or make e2e")
    with firefox.opened(program, tmp_path, shop.url) as window:
        yield window


def test_a_guest_buys_with_cash_on_delivery_in_firefox_without_scripts(fox: Window) -> None:
    # given a shopper on the front page, where nothing that needs scripts has come to life
    fox.open("/")
    fox.follow(".header-menu a[href='/catalog/t-shirts/']")
    assert not fox.all("search-box:defined")
    fox.follow(".product-card-name a[href='/product/vikno-tee/']")

    # when a size is put into the cart and the checkout is filled in
    fox.press(".size-picker-size")
    fox.follow(".buy-form-bar button")
    assert fox.path == "/cart/"
    assert len(fox.all(".cart-lines li")) == 1
    fox.follow("a.button-main[href='/checkout/']")
    fox.type("#phone", "067 123 45 67")
    fox.type("#name", "Шевченко Олена")
    fox.type("#city", "Харків")
    fox.type("#branch", "Відділення 12")
    fox.press("label.option:has(#payment-cod)")
    fox.follow(".checkout-send")

    # then there is an order, after no more pages than a patient shopper has patience for
    assert fox.path.startswith("/order/")
    assert re.fullmatch(r"TWC\d{8}N\d{2,}", fox.one("h1").text)
    assert "Харків, Відділення 12" in fox.one(".spec-sheet").text.replace(" ,", ",")
    assert fox.loads <= MOST_PAGES
