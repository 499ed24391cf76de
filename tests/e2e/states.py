"""Every kind of page in the states a shopper meets it in: empty, filled, refused, opened."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from playwright.sync_api import Page, expect

from tests.e2e.conftest import visit

Arrive = Callable[[Page], None]


def at(path: str) -> Arrive:
    """A page by its address."""
    return lambda page: void(visit(page, path))


def void(_: object) -> None:
    """A deed has no outcome here."""


def put_into_cart(page: Page, slug: str = "vikno-tee") -> None:
    """The first size of a product, by the button."""
    visit(page, f"/product/{slug}/")
    page.locator(".size-picker-size").first.click()
    page.get_by_role("button", name="До кошика").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def fill_checkout(page: Page) -> None:
    """What a checkout asks for, to be paid for on receipt."""
    page.fill("input[name=name]", "Шевченко Олена")
    page.fill("input[name=phone]", "067 123 45 67")
    page.fill("input[name=city]", "Харків")
    page.fill("input[name=branch]", "Відділення 12")
    pay_on_receipt(page)


def pay_on_receipt(page: Page) -> None:
    """No bank in between: the order's page follows at once."""
    pay_by(page, "cod")


def pay_by(page: Page, way: str) -> None:
    """Choose a way to pay by its words, as a thumb does."""
    page.locator("label.option", has=page.locator(f"#payment-{way}")).click()
    expect(page.locator(f"#payment-{way}")).to_be_checked()


def full_cart(page: Page) -> None:
    put_into_cart(page)
    visit(page, "/cart/")


def checkout(page: Page) -> None:
    put_into_cart(page)
    visit(page, "/checkout/")


def refused_checkout(page: Page) -> None:
    checkout(page)
    page.fill("input[name=phone]", "123")
    # What the browser would refuse by itself is sent too: the page with all its complaints is the one to look at.
    page.eval_on_selector("form.checkout-form, form[action*=checkout]", "(form) => { form.noValidate = true; }")
    page.locator(".checkout-send").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def order(page: Page) -> None:
    checkout(page)
    fill_checkout(page)
    page.locator(".checkout-send").click()
    page.wait_for_url(re.compile(r"/order/"))


def liked(page: Page) -> None:
    """A guest's list with a thing in it."""
    visit(page, "/catalog/t-shirts/")
    page.locator(".favourite-toggle button").first.click()
    visit(page, "/account/favourites/")
    expect(page.locator(".favourites .product-card")).to_have_count(1)


def unscripted(page: Page) -> None:
    """A product of which the scripts have not come, and its hearts are buttons of a form."""
    page.route("**/assets/*.js", lambda route: route.abort())
    page.goto("/product/kolos-tee/")
    expect(page.locator(".favourite-toggle button").first).not_to_have_attribute("aria-pressed", re.compile(""))


STATES: Final[Mapping[str, Arrive]] = {
    "home": at("/"),
    "home in English": at("/en/"),
    "catalogue": at("/catalog/"),
    "category": at("/catalog/t-shirts/"),
    "product": at("/product/kolos-tee/"),
    "colour in English": at("/en/product/kolos-tee/milk/"),
    "drawer open": put_into_cart,
    "product before its scripts": unscripted,
    "favourites": liked,
    "story": at("/product/kolos-tee/story/"),
    "journal": at("/journal/"),
    "article": at("/journal/why-we-draw/"),
    "size guide": at("/size-guide/"),
    "questions": at("/faq/"),
    "contacts": at("/contacts/"),
    "wholesale": at("/wholesale/"),
    "found": at("/find/?q=колос"),
    "nothing found": at("/find/?q=щщщщ"),
    "cart empty": at("/cart/"),
    "cart full": full_cart,
    "checkout": checkout,
    "checkout refused": refused_checkout,
    "order": order,
    "missing": at("/404.html"),
    "offline": at("/offline.html"),
}
