"""Every path of the shop, one function each. Ukrainian has no prefix, other languages stand under theirs."""

from typing import Final
from urllib.parse import quote

DEFAULT_LANGUAGE: Final = "uk"
IMAGE_WIDTHS: Final = (400, 600, 800, 1200)
"""AVIF widths that exist of every picture."""
JPEG_WIDTH: Final = 600
"""The one JPEG that exists of every picture: for old browsers, mails and partners."""
RESERVED_SLUGS: Final = frozenset({"story", "page"})
"""Slugs that would collide with a path segment of ours (rules.md 2)."""


def localized(path: str, lang: str) -> str:
    """A path of the default language as it stands in `lang`."""
    return path if lang == DEFAULT_LANGUAGE else f"/{lang}{path}"


def home(lang: str) -> str:
    return localized("/", lang)


def catalog(lang: str) -> str:
    return localized("/catalog/", lang)


def category(slug: str, lang: str, page: int = 1) -> str:
    """A category's list; its first page has no number, so that no page has two addresses."""
    tail = f"page/{page}/" if page > 1 else ""
    return localized(f"/catalog/{slug}/{tail}", lang)


def category_colour(slug: str, colour: str, lang: str, page: int = 1) -> str:
    """What a category has in one colour."""
    tail = f"page/{page}/" if page > 1 else ""
    return localized(f"/catalog/{slug}/{colour}/{tail}", lang)


def collection(slug: str, lang: str) -> str:
    """A drop, or what is printed with one drawing."""
    return localized(f"/collection/{slug}/", lang)


def product(slug: str, lang: str, colour: str | None = None) -> str:
    """A product, or one of its colours."""
    return localized(f"/product/{slug}/{f'{colour}/' if colour else ''}", lang)


def story(slug: str, lang: str) -> str:
    return localized(f"/product/{slug}/story/", lang)


def live(slug: str) -> str:
    """Price and availability of a product's SKUs, fetched after the page has loaded."""
    return f"/live/{slug}.json"


def twin(slug: str, lang: str) -> str:
    """A product as Markdown, for programs."""
    return localized(f"/product/{slug}.md", lang)


def feed(name: str, lang: str) -> str:
    """A feed: google, prom or journal."""
    return localized(f"/feeds/{name}.xml", lang)


def content(slug: str, lang: str) -> str:
    """A page of content/pages or content/legal."""
    return localized(f"/{slug}/", lang)


def journal(lang: str, slug: str | None = None) -> str:
    return localized(f"/journal/{f'{slug}/' if slug else ''}", lang)


def image(key: str, width: int, kind: str = "avif") -> str:
    """A derived picture. `key` names the master's content (`image_key`), so a new master has a new address."""
    return f"/images/{key}-{width}.{'jpg' if kind == 'jpeg' else kind}"


def sharing_card(key: str) -> str:
    """The picture that stands beside a link to a product in messengers; `key` names its content."""
    return f"/images/{key}-card.jpg"


def cart(lang: str) -> str:
    return localized("/cart/", lang)


def cart_add(lang: str) -> str:
    return localized("/cart/add", lang)


def cart_change(lang: str) -> str:
    return localized("/cart/change", lang)


def cart_promo(lang: str) -> str:
    return localized("/cart/promo", lang)


def cart_undo(line: str, lang: str) -> str:
    """The cart with a button that puts a line (`sku:quantity`) back."""
    return f"{cart(lang)}?undo={quote(line, safe=':')}"


def cart_promo_kept(code: str, lang: str) -> str:
    """The cart with a code in its field."""
    return f"{cart(lang)}?promo={quote(code, safe='')}"


def restock(lang: str) -> str:
    """Where a wish to hear of a sold-out size is posted without scripts."""
    return localized("/restock/", lang)


def checkout(lang: str) -> str:
    return localized("/checkout/", lang)


WEBHOOK_MONOBANK = "/webhooks/monobank"
"""Where the bank tells of changes."""
WEBHOOK_TELEGRAM = "/webhooks/telegram"
"""Where Telegram tells what was said to the bot."""


def order(token: str, lang: str) -> str:
    """An order by its secret token, never by its number."""
    return localized(f"/order/{quote(token, safe='')}/", lang)


def order_return(token: str, lang: str) -> str:
    """Where the bank sends a payer back to."""
    return order(token, lang) + "return"


def order_pay(token: str, lang: str) -> str:
    """Where an order is paid online, once more."""
    return order(token, lang) + "pay"


def order_pay_on_receipt(token: str, lang: str) -> str:
    """Where an order is switched to cash on delivery."""
    return order(token, lang) + "pay-on-receipt"


def order_back_to_cart(token: str, lang: str) -> str:
    """Where an unpaid order becomes a cart again."""
    return order(token, lang) + "back-to-cart"


def order_notices(token: str, lang: str) -> str:
    """Where a guest chooses what to be written of an order."""
    return order(token, lang) + "notices/"


def order_cancel(token: str, lang: str) -> str:
    return order(token, lang) + "cancel"


def find(lang: str) -> str:
    """Search that works without scripts."""
    return localized("/find/", lang)


def search(lang: str) -> str:
    """Search in the browser."""
    return localized("/search/", lang)


def account(lang: str) -> str:
    return localized("/account/", lang)


def account_page(name: str, lang: str) -> str:
    """A page of the account, such as orders, favourites, points, security, data, register."""
    return localized(f"/account/{name}/", lang)


def sign_in(lang: str, back: str = "") -> str:
    """The door; `back` is where to go afterwards."""
    return account_page("sign-in", lang) + (f"?next={quote(back, safe='/')}" if back else "")


def account_code(lang: str, back: str = "") -> str:
    """The second step of signing in; `back` is where to go afterwards."""
    return account_page("code", lang) + (f"?next={quote(back, safe='/')}" if back else "")


def sign_in_by(provider: str, lang: str, back: str = "") -> str:
    """To a provider that vouches for people, such as google; `back` is where to go afterwards."""
    return localized(f"/auth/{provider}", lang) + (f"?next={quote(back, safe='/')}" if back else "")


def sign_in_callback(provider: str) -> str:
    """Where a provider sends people back to: one address, whatever the language, because it is registered there."""
    return f"/auth/{provider}/callback"


def account_security(lang: str) -> str:
    """Password, second factor, programs."""
    return account_page("security", lang)


def verify_address(token: str, lang: str) -> str:
    """Where the letter to a new account leads."""
    return localized(f"/account/verify/{quote(token, safe='')}/", lang)


def reset_password(token: str, lang: str) -> str:
    """Where the letter about a forgotten password leads."""
    return localized(f"/account/reset/{quote(token, safe='')}/", lang)


def order_claim(token: str, lang: str) -> str:
    """Where an order is taken into the account."""
    return order(token, lang) + "claim"


def order_account(token: str, lang: str) -> str:
    """Where an account is opened with the address of an order."""
    return order(token, lang) + "account"


def admin() -> str:
    return "/admin/"
