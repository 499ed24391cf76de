"""Search as a shopper meets it: the field in the header, its suggestions, both pages."""

import re

from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import Shop, visit, window

COUNT = ".search-count"


def test_a_word_on_the_wrong_keyboard_leads_to_the_thing_with_and_without_scripts(phone: Page, scripts: bool) -> None:
    # given the home page, whose field is open
    visit(phone, "/")
    field = phone.locator("#search-box")

    # when a tee is looked for on the English keyboard
    field.fill("aen,jkrf")
    if scripts:
        # then it is suggested, and the arrow keys and Enter lead there
        expect(phone.get_by_role("option").first).to_contain_text("Футболк")
        phone.keyboard.press("ArrowDown")
        expect(phone.get_by_role("option").first).to_have_attribute("aria-selected", "true")
        phone.keyboard.press("Escape")
        expect(phone.get_by_role("listbox")).to_have_count(0)
    phone.locator(".search-box-form button").click()

    # and the page of results tells how many there are, and what was understood
    expect(phone).to_have_url(re.compile(r"/search/\?q=" if scripts else r"/find/\?q="))
    expect(phone.locator(COUNT)).to_contain_text("Знайш")
    expect(phone.locator(COUNT)).to_contain_text("«футболка»")
    expect(phone.locator(".product-card-name").first).to_contain_text("Футболка")


def test_a_search_in_vain_says_so_and_offers_other_ways(phone: Page, scripts: bool) -> None:
    visit(phone, "/search/?q=кросівки" if scripts else "/find/?q=кросівки")
    expect(phone.locator(COUNT)).to_contain_text("За запитом «кросівки» нічого не знайшлося.")
    expect(phone.locator(".search-help").get_by_role("link", name="Футболки")).to_be_visible()


def test_suggestions_that_are_not_ours_are_not_run_and_the_field_still_searches(shop: Shop, chromium: Browser) -> None:
    # given somebody between the shop and the shopper who adds to the script of the suggestions
    def meddle(route: Route) -> None:
        ours = route.fetch()
        route.fulfill(response=ours, body=ours.text() + "document.body.dataset.stolen = 1;")

    with window(chromium, shop, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.route("**/assets/search-box-*.js", meddle)
        visit(page, "/")

        # when the field is gone to
        with page.expect_console_message(lambda said: "digest" in said.text):
            page.locator("#search-box").fill("сова")

        # then nothing of it runs, and the search does without
        assert page.locator("body[data-stolen]").count() == 0
        page.keyboard.press("Enter")
        expect(page.locator(".product-card-name").first).to_contain_text("«Сова»")
