"""Staff see the order, confirm it, and change a price that shoppers then read."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Shop, visit
from tests.e2e.test_purchase import order_two

pytestmark = pytest.mark.browser


def wait_for_text(page: Page, path: str, text: str) -> None:
    """Reload until the published page says it; the watcher needs a moment."""
    deadline = time.monotonic() + 20
    while True:
        answer = page.request.get(path, headers={"cache-control": "no-cache"})
        if text in answer.text():
            return
        assert time.monotonic() < deadline, f"{path} never said {text!r}"
        time.sleep(0.2)


def open_form(desk: Page, slug: str) -> None:
    """Find a product in the office and open its form."""
    visit(desk, f"/admin/products/list?q={slug}")
    desk.locator("tbody tr", has_text=slug).locator("a[href*='/edit']").first.click()


def test_an_order_is_found_and_confirmed_in_the_office(phone: Page, desk: Page, scripts: bool) -> None:
    # given an order of a shopper
    number = order_two(phone, scripts)
    order_page = phone.url
    # when a staff member looks for it and confirms it
    visit(desk, f"/admin/orders/list?q={number.lower()}")
    expect(desk.get_by_text(number).first).to_be_visible()
    desk.get_by_text(number).first.locator("xpath=ancestor::tr").locator("a[href*='detail']").first.click()
    expect(desk.get_by_text("Шевченко Олена").first).to_be_visible()
    # The buttons work once the scripts of the page have run.
    desk.wait_for_load_state("load")
    desk.get_by_role("button", name="Підтвердити").or_(desk.get_by_role("link", name="Підтвердити")).first.click()
    expect(desk.get_by_text(f"Замовлення {number} змінено.")).to_be_visible()
    # then the shopper reads so on the order's page
    visit(phone, order_page)
    expect(phone.get_by_text("підтверджено").first).to_be_visible()
    # and the log says who did it
    visit(desk, "/admin/audit/list")
    expect(desk.get_by_text(number).first).to_be_visible()


def test_a_new_price_is_on_every_page_of_the_product_without_a_command(desk: Page, shop: Shop) -> None:
    # given a product in the office
    open_form(desk, "kolos-tee")
    # when its price is changed there
    desk.fill("input[name=price]", "1 234")
    desk.get_by_role("button", name="Зберегти", exact=True).first.click()
    desk.wait_for_url(re.compile(r"/admin/products/list"))
    # then the product page, its colour pages and its category say so
    product = "/product/kolos-tee/"
    for path in (product, f"{product}moss/", f"/en{product}milk/", "/catalog/t-shirts/"):
        wait_for_text(desk, path, "1\u00a0234\u00a0₴")


def test_a_saved_catalogue_file_is_live_without_a_command(desk: Page, shop: Shop) -> None:
    file = shop.content / "catalog" / "sova-hoodie" / "product.md"
    words = file.read_text("utf-8")
    lead = re.search(r'^lead = "(.+)"$', words, re.MULTILINE)
    assert lead is not None
    file.write_text(words.replace(lead.group(1), "Сова дивиться просто на вас.", 1), "utf-8")
    wait_for_text(desk, "/product/sova-hoodie/", "Сова дивиться просто на вас.")


def test_a_wrong_price_is_refused_in_words_and_keeps_what_was_typed(desk: Page, shop: Shop) -> None:
    open_form(desk, "vikno-tee")
    desk.fill("input[name=price]", "дорого")
    desk.get_by_role("button", name="Зберегти", exact=True).first.click()
    expect(desk.get_by_text("Напишіть ціну в гривнях", exact=False).first).to_be_visible()
    expect(desk.locator("input[name=price]")).to_have_value("дорого")


def test_the_office_is_closed_to_strangers(phone: Page, scripts: bool) -> None:
    for path in ("/admin/", "/admin/orders/list", "/admin/products/list", "/admin/audit/list"):
        answer = phone.request.get(path, max_redirects=0)
        assert answer.status == 303
        assert "/admin/login" in answer.headers["location"]


def test_the_office_runs_under_its_content_policy(desk: Page, shop: Shop) -> None:
    complaints: list[str] = []
    desk.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in ("/admin/", "/admin/orders/list", "/admin/products/list", "/admin/audit/list"):
        answer = visit(desk, path)
        assert answer is not None
        assert "nonce-" in answer.headers["content-security-policy"]
        assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert complaints == []
