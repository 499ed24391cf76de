"""Signing in by the sandbox's Google and Telegram in a browser, with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Shop, visit

pytestmark = pytest.mark.browser


def test_google_opens_an_account_and_lets_its_owner_in_again(phone: Page, shop: Shop, scripts: bool) -> None:
    email = f"way-{scripts}@example.com".lower()
    # given somebody who wanted to see their points, and changes their mind once
    visit(phone, "/account/points/")
    phone.get_by_role("link", name="Увійти через Google").click()
    phone.get_by_role("button", name="Cancel").click()
    expect(phone.locator(".notices")).to_contain_text("Ви не закінчили вхід через Google")
    # when they go through with it
    phone.get_by_role("link", name="Увійти через Google").click()
    phone.fill("input[name=email]", email)
    phone.get_by_role("button", name="Continue").click()
    # then they are where they wanted to be
    phone.wait_for_url("**/account/points/")
    expect(phone.locator(".notices")).to_contain_text("Кабінет відкрито")
    expect(phone.locator(".account-menu [aria-current]")).to_be_in_viewport()
    # and the button alone opens the account from then on
    phone.get_by_role("button", name="Вийти").click()
    visit(phone, "/account/sign-in/")
    phone.get_by_role("link", name="Увійти через Google").click()
    phone.fill("input[name=email]", email)
    phone.get_by_role("button", name="Continue").click()
    phone.wait_for_url("**/account/")
    expect(phone.locator(".account-mail")).to_have_text(email)
    visit(phone, "/account/security/")
    expect(phone.locator(".account-rows")).to_contain_text("Google")


def test_telegram_joins_the_account_whose_password_is_known(phone: Page, shop: Shop, scripts: bool) -> None:
    number = "701" if scripts else "702"
    for knows in (False, True):
        visit(phone, "/account/sign-in/?next=/account/security/")
        phone.get_by_role("link", name="Увійти через Telegram").click()
        phone.fill("input[name=subject]", number)
        phone.get_by_role("button", name="Continue").click()
        if not knows:
            expect(phone.locator("h1")).to_have_text("Майже готово")
            phone.fill("#email", shop.email)
            phone.fill("#password", shop.password)
            phone.get_by_role("button", name="Під’єднати і ввійти").click()
        phone.wait_for_url("**/account/security/")
        phone.get_by_role("button", name="Вийти").click()
