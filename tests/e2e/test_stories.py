"""A shopper pays each way in a real browser, with scripts and without; then the stories that `make story` tells."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from rich.console import Console

from sandbox.story import Story, Teller, fresh_key, tell_all
from tests.e2e.conftest import Shop, visit
from tests.e2e.states import fill_checkout, pay_by
from tests.e2e.test_delivery import points
from tests.e2e.test_purchase import choose

pytestmark = pytest.mark.browser


def order(page: Page, scripts: bool, payment: str) -> None:
    """A T-shirt, to be paid for in this way: up to whatever page follows."""
    choose(page, "/product/vikno-tee/", scripts)
    visit(page, "/checkout/")
    fill_checkout(page)
    pay_by(page, payment)
    page.locator(".checkout-send").click()


def at_the_bank(page: Page, button: str) -> None:
    """A press of a button of the bank's page, which leads back to the order."""
    page.wait_for_url("**/monobank/pay/**")
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url("**/order/**")


def test_a_card_without_money_and_then_one_with_it_pay_one_order(phone: Page, scripts: bool) -> None:
    order(phone, scripts, "online_full")
    at_the_bank(phone, "Картка без грошей")
    number = phone.locator("h1").inner_text()
    again = phone.locator(".order-pay .button-main")
    expect(again).to_be_visible()
    again.click()
    at_the_bank(phone, "Сплатити")
    expect(phone.locator("h1")).to_have_text(number)
    expect(phone.locator(".spec-sheet").get_by_text("сплачено", exact=False).first).to_be_visible()
    expect(phone.locator(".order-pay .button-main")).to_have_count(0)


def test_two_hundred_hryvnias_are_paid_before_and_the_rest_is_the_carriers(phone: Page, scripts: bool) -> None:
    order(phone, scripts, "prepay_200")
    phone.wait_for_url("**/monobank/pay/**")
    expect(phone.locator("h1")).to_have_text(re.compile(r"200[.,]00"))
    at_the_bank(phone, "Сплатити")
    expect(phone.locator(".spec-sheet").get_by_text(re.compile("Передплата")).first).to_be_visible()
    expect(phone.locator(".order-pay .button-main")).to_have_count(0)


def test_who_leaves_the_bank_may_pay_on_receipt_instead(phone: Page, scripts: bool) -> None:
    order(phone, scripts, "online_full")
    at_the_bank(phone, "Піти, не сплативши")
    phone.locator("form[action$='/pay-on-receipt'] button").click()
    phone.wait_for_url("**/order/**")
    expect(phone.locator("form[action$='/pay-on-receipt']")).to_have_count(0)
    expect(phone.locator(".spec-sheet").get_by_text("Під час отримання").first).to_be_visible()


def test_parcels_that_nobody_takes_and_money_that_goes_back_are_told_to_who_ordered(
    phone: Page, shop: Shop, scripts: bool
) -> None:
    # given an order in each way of paying, packed and with the carrier
    story = Story(shop.url, shop.sandbox, shop.password, Teller(Console(file=io.StringIO()), 120.0), shop.environment)
    with story.open:
        story.tell.until("the carrier's directory", lambda: points(phone))
        parcels: dict[str, str] = {}
        for payment in ("online_full", "prepay_200", "cod"):
            order(phone, scripts, payment)
            if payment != "cod":
                at_the_bank(phone, "Сплатити")
            phone.wait_for_url(re.compile(r"/order/[^/]+/$"))
            token, number = phone.url.rstrip("/").rpartition("/")[2], phone.locator("h1").inner_text()
            if payment == "cod":
                story.moved(number, "confirmed")
            story.stands(story.staff, token, status="confirmed")
            parcels[token] = story.ship(number)
        # when nobody takes the parcels, and what was paid is given back
        for move, status in (("next", "shipped"), ("refuse", "refused")):
            for waybill in parcels.values():
                story.outside.push(waybill, move)
            for token in parcels:
                story.stands(story.staff, token, status=status)
        for token in parcels:
            told = story.staff.order(token)
            if told["paid"]:
                back = {"amount": told["paid"], "reason": "refused"}
                story.staff.call("POST", f"/staff/orders/{told['number']}/refunds", back, **fresh_key())
                story.stands(story.staff, token, payment_status="refunded")
    # then each order's page says both
    for token, payment in zip(parcels, ("повернено", "повернено", "ще не сплачено"), strict=True):
        visit(phone, f"/order/{token}/")
        expect(phone.locator(".order > .lead")).to_have_text("Посилку не забрали, тож вона їде назад до нас.")
        expect(phone.locator(".spec-sheet").get_by_text(payment).first).to_be_visible()
        expect(phone.locator(".order-history")).to_contain_text("не забрали")
        expect(phone.locator(".order-pay .button-main")).to_have_count(0)


def test_people_talk_to_the_bot_in_a_browser(shop: Shop, phone: Page) -> None:
    visit(phone, f"{shop.sandbox}/telegram/chats?who=602")
    phone.get_by_label("Message").first.fill("Хто тут?")
    phone.get_by_role("button", name="Send").first.click()
    expect(phone.locator(".message.own").get_by_text("Хто тут?").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_every_story_that_the_shop_tells_of_itself_ends_well(shop: Shop) -> None:
    said = io.StringIO()
    tell_all(shop.url, shop.sandbox, shop.password, Console(file=said, width=200), environment=shop.environment)
    assert "All of it took" in said.getvalue()
