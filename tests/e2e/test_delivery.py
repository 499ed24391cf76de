"""A shopper finds a branch by typing as people type, by keyboard alone, on the narrowest phone, and without scripts."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import visit
from tests.e2e.states import fill_checkout, pay_on_receipt
from tests.e2e.test_purchase import choose

pytestmark = pytest.mark.browser


def points(page: Page) -> list[object]:
    """The points of a city whose branches come late in the directory."""
    cities = page.request.get("/api/v1/delivery/cities?q=khust").json()
    found: list[object] = []
    for city in cities:
        found += page.request.get(f"/api/v1/delivery/branches?city={city['ref']}").json()
    return found


def at_the_till(page: Page, scripts: bool) -> None:
    """The checkout, once the carrier's directory is there: the worker fetches it when the shop opens."""
    choose(page, "/product/vikno-tee/", scripts)
    deadline = time.monotonic() + 120
    while not points(page):
        assert time.monotonic() < deadline, "the directory did not come"
        time.sleep(1)
    visit(page, "/checkout/")
    page.fill("input[name=name]", "Шевченко Олена")
    page.fill("input[name=phone]", "067 123 45 67")
    pay_on_receipt(page)


def test_a_branch_is_chosen_by_keyboard_and_brings_its_price(phone: Page, scripts: bool) -> None:
    if not scripts:
        pytest.skip("without scripts the server lists the points: see below")
    phone.set_viewport_size({"width": 320, "height": 640})
    at_the_till(phone, scripts)
    city, branch = phone.locator("#city"), phone.locator("#branch")
    city.press_sequentially("lviv")
    options = phone.get_by_role("option")
    expect(options.first).to_contain_text("Львів")
    expect(city).to_have_attribute("aria-expanded", "true")
    city.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    city.press("Enter")
    expect(city).to_have_value("Львів")
    expect(branch).to_be_focused()
    branch.press_sequentially("12")
    expect(options.first).to_contain_text("Відділення №12")
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    branch.press("ArrowDown")
    with phone.expect_response("**/api/v1/checkout/quote") as quoted:
        branch.press("Enter")
    shipping = quoted.value.json()["shipping"]
    expect(phone.locator("[data-sum=shipping]").first).to_contain_text(str(shipping // 100))
    phone.locator(".checkout-send").click()
    phone.wait_for_url("**/order/*/")
    expect(phone.get_by_text(re.compile("Львів, Відділення №12"))).to_be_visible()


def test_what_is_typed_is_taken_when_nothing_is_chosen(phone: Page, scripts: bool) -> None:
    at_the_till(phone, scripts)
    fill_checkout(phone)
    phone.locator(".checkout-send").click()
    phone.wait_for_url("**/order/*/")
    expect(phone.get_by_text("Харків, Відділення 12")).to_be_visible()


def test_without_scripts_the_server_lists_the_points(phone: Page, scripts: bool) -> None:
    if scripts:
        pytest.skip("with scripts the lists stand under the fields")
    at_the_till(phone, scripts)
    phone.fill("input[name=city]", "полтава")
    phone.fill("input[name=branch]", "3")
    phone.get_by_role("button", name="Знайти у довіднику").click()
    expect(phone.locator("#city_token option:checked")).to_have_text(re.compile("Полтава"))
    phone.select_option("#branch_token", index=1)
    phone.locator(".checkout-send").click()
    phone.wait_for_url("**/order/*/")
    expect(phone.get_by_text(re.compile("Полтава, Відділення №3"))).to_be_visible()


def test_a_courier_brings_its_price_closes_cash_and_goes_to_the_door(phone: Page, scripts: bool) -> None:
    at_the_till(phone, scripts)
    phone.locator("label.option", has=phone.locator("#way-courier")).click()
    expect(phone.locator("#branch")).to_be_hidden()
    if scripts:
        expect(phone.locator("#payment-cod")).to_be_disabled()
        expect(phone.locator("#payment-online_full")).to_be_checked()
        phone.fill("#city", "")
        phone.locator("#city").press_sequentially("lviv")
        expect(phone.get_by_role("option").first).to_contain_text("Львів")
        phone.locator("#city").press("ArrowDown")
        with phone.expect_response("**/api/v1/checkout/quote") as quoted:
            phone.locator("#city").press("Enter")
        expect(phone.locator("#street")).to_be_focused()
        expect(phone.locator("[data-sum=shipping]").first).to_contain_text(str(quoted.value.json()["shipping"] // 100))
        expect(phone.locator(".checkout-days")).to_have_text(quoted.value.json()["arrival"])
        phone.locator(".checkout-send").click()
        expect(phone.locator("#street-error")).to_be_visible()
        # As a browser fills it in: the house comes with the street, and is parted from it.
        phone.fill("#street", "вул. Франка, 5а")
        phone.locator("#street").blur()
        expect(phone.locator("#house")).to_have_value("5а")
    else:
        phone.fill("#city", "Львів")
        phone.fill("#street", "вул. Франка")
        phone.fill("#house", "5а")
        phone.get_by_role("button", name="Порахувати доставку").click()
        expect(phone.locator("#city_token option:checked")).to_have_text(re.compile("Львів"))
        expect(phone.locator("#payment-cod")).to_be_disabled()
    phone.fill("#flat", "12")
    phone.locator(".checkout-send").click()
    phone.wait_for_url("**/monobank/pay/**")
    phone.get_by_role("button", name="Сплатити", exact=True).click()
    phone.wait_for_url("**/order/**")
    expect(phone.get_by_text("Львів, вул. Франка, 5а, кв. 12")).to_be_visible()


def test_back_from_the_courier_cash_is_open_again(phone: Page, scripts: bool) -> None:
    at_the_till(phone, scripts)
    for way in ("courier", "point"):
        phone.locator("label.option", has=phone.locator(f"#way-{way}")).click()
        if not scripts:
            name = {"courier": "Порахувати доставку", "point": "Знайти у довіднику"}[way]
            phone.fill("#city", "Харків")
            phone.get_by_role("button", name=name).click()
        check = expect(phone.locator("#payment-cod"))
        check.to_be_disabled() if way == "courier" else check.to_be_enabled()
    fill_checkout(phone)
    phone.locator(".checkout-send").click()
    phone.wait_for_url("**/order/*/")


def test_the_first_letters_of_a_city_are_answered_without_the_sidecar(phone: Page, scripts: bool) -> None:
    if not scripts:
        pytest.skip("without scripts the server lists the cities: see above")
    at_the_till(phone, scripts)
    deadline = time.monotonic() + 120
    while not phone.request.get("/data/cities.json").json():
        assert time.monotonic() < deadline, "the site did not list the cities"
        time.sleep(1)
    phone.route("**/api/v1/delivery/cities**", lambda route: route.fulfill(json=[]))
    options = phone.get_by_role("option")
    for typed in ("к", "kyi", "Kiev"):
        phone.fill("#city", "")
        phone.locator("#city").press_sequentially(typed)
        expect(options.first).to_contain_text("Київ")
    phone.locator("#city").press("ArrowDown")
    phone.locator("#city").press("Enter")
    # What was chosen there opens the points of the city, and is believed by the till.
    phone.locator("#branch").press_sequentially("12")
    expect(options.first).to_contain_text("Відділення №12")
    phone.locator("#branch").press("ArrowDown")
    with phone.expect_response("**/api/v1/checkout/quote") as quoted:
        phone.locator("#branch").press("Enter")
    assert quoted.value.status == 200


def test_what_the_sidecar_adds_comes_behind_what_is_shown(phone: Page, scripts: bool) -> None:
    if not scripts:
        pytest.skip("without scripts the server lists the cities: see above")
    at_the_till(phone, scripts)
    with phone.expect_response("**/api/v1/delivery/cities?q=lv**"):
        phone.locator("#city").press_sequentially("lv")
    names = phone.get_by_role("option").all_inner_texts()
    assert names[0].startswith("Львів")
    assert len(names) == len(set(names))
