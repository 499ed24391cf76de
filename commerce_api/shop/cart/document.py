"""The cart as it is shown: page, mini-cart, program and checkout all get this one document (lessons.md 68)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commerce_api.foundation.kit import clock, urls
from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.settings import ShopSettings
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.error_texts import error_sentence
from commerce_api.shop.cart.queries import CartContents, CartRow, contents_of
from commerce_api.shop.catalog.queries import Offer, offers
from commerce_api.shop.pricing import codes
from commerce_api.shop.pricing.codes import CodeTerms, Refusal, Why
from commerce_api.shop.pricing.lines import PricedLine, Totals
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.promotions.errors import PromoUnknown, refused
from commerce_api.shop.promotions.queries import normal_code, terms_of

IMAGE_WIDTH = urls.IMAGE_WIDTHS[0]


@dataclass(frozen=True, slots=True)
class Notice:
    """What the shopper should know of a line; `code` is for programs, `text` for people."""

    code: str
    text: str
    sku: str
    name: str
    left: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it is shown. Amounts are kopiyky; a line that is `gone` counts nothing, a `printed` one is made to
    order."""

    id: int
    sku: str
    product: str
    category: str
    name: str
    colour: str
    size: str
    fit: str | None
    url: str
    image: str | None
    quantity: int
    unit_price: int
    gone: bool
    printed: bool
    notices: tuple[Notice, ...]

    @property
    def line_total(self) -> int:
        return 0 if self.gone else self.unit_price * self.quantity

    @property
    def note(self) -> str | None:
        """What is the matter with the line, in words."""
        return " ".join(notice.text for notice in self.notices) or None

    @property
    def blocked(self) -> bool:
        """Whether the line cannot be ordered as it is: a price that changed alone blocks nothing."""
        return any(notice.price is None for notice in self.notices)


@dataclass(frozen=True, slots=True)
class PromoView:
    """The code that the shopper gave; `note` says in words why it takes nothing off, None when it does."""

    code: str
    note: str | None


@dataclass(frozen=True, slots=True)
class CartView:
    """Lines, totals for a branch and cash on delivery, and what the shopper should know.

    `terms` are those of the code, for a quote with another delivery.
    """

    lines: tuple[LineView, ...]
    totals: Totals
    promo: PromoView | None = None
    terms: CodeTerms | None = None

    @property
    def notices(self) -> tuple[Notice, ...]:
        return tuple(notice for line in self.lines for notice in line.notices)

    @property
    def pieces(self) -> int:
        """What the badge of the cart counts."""
        return sum(line.quantity for line in self.lines)

    @property
    def blocked(self) -> bool:
        return any(line.blocked for line in self.lines)

    @property
    def printed(self) -> bool:
        """Whether some of it is made to order, so that the parcel leaves later."""
        return any(line.printed for line in self.lines)

    @property
    def told_prices(self) -> dict[int, int]:
        """Line id to the price (kopiyky) that this document tells to have changed."""
        return {line.id: notice.price for line in self.lines for notice in line.notices if notice.price is not None}


async def cart_of(token: str | None, shop: ShopSettings, lang: str) -> CartView:
    """The document of the cart that the token opens; an empty one for a token that opens nothing. Writes nothing."""
    contents = await contents_of(token)
    return await document_of(contents, await offers(row.sku for row in contents.rows), shop, lang)


async def document_of(contents: CartContents, found: Mapping[str, Offer], shop: ShopSettings, lang: str) -> CartView:
    """The document of a cart that was read already, with the offers of its lines. Writes nothing."""
    return describe(contents.rows, found, shop, lang, contents.promo, await terms_of(contents.promo))


def describe(
    rows: Sequence[CartRow],
    found: Mapping[str, Offer],
    shop: ShopSettings,
    lang: str,
    promo: str | None = None,
    terms: CodeTerms | None = None,
) -> CartView:
    """Stored lines at today's prices and stock. What is no longer sold is named and counts nothing.

    `promo` is the code that was given and `terms` what it promises, None for one that does not exist.
    """
    lines = tuple(_line(row, found.get(row.sku), lang) for row in rows)
    totals = quote(priced(lines), shop, code=terms, at=clock.now())
    return CartView(lines, totals, _promo(promo, terms, totals, lang) if promo else None, terms)


async def explain(typed: str, view: CartView, lang: str) -> str | None:
    """Why a code would take nothing off this cart, or what is missing until it does; None when it would. Writes
    nothing."""
    terms = await terms_of(typed)
    if terms is None:
        return error_sentence(PromoUnknown(normal_code(typed)), lang)
    refusal = codes.refusal(terms, priced(view.lines), clock.now())
    return error_sentence(refused(refusal), lang) if refusal else None


def priced(lines: Sequence[LineView]) -> tuple[PricedLine, ...]:
    """What totals count: every line that is still sold."""
    return tuple(
        PricedLine(line.sku, line.unit_price, line.quantity, line.product, line.category)
        for line in lines
        if not line.gone
    )


def _promo(promo: str, terms: CodeTerms | None, totals: Totals, lang: str) -> PromoView:
    refusal = totals.refused if terms else Refusal(Why.UNKNOWN, promo)
    return PromoView(promo, error_sentence(refused(refusal), lang) if refusal else None)


def _line(row: CartRow, offer: Offer | None, lang: str) -> LineView:
    gone = offer is None or not offer.active
    return LineView(
        id=row.id,
        sku=row.sku,
        product=offer.product if offer else "",
        category=offer.category if offer else "",
        name=offer.name(lang) if offer else row.name,
        colour=offer.colour_name(lang) if offer else "",
        size=offer.size if offer else "",
        fit=offer.fit if offer else None,
        # The page of a product that is gone may be gone too.
        url=urls.product(offer.product, lang, offer.colour) if offer and not gone else urls.catalog(lang),
        image=urls.image(offer.image, IMAGE_WIDTH) if offer and offer.image else None,
        quantity=row.quantity,
        unit_price=offer.price if offer else row.seen_price,
        gone=gone,
        printed=offer is not None and offer.available is None,
        notices=_notices(row, offer, lang),
    )


def _notices(row: CartRow, offer: Offer | None, lang: str) -> tuple[Notice, ...]:
    t = texts(lang)
    if offer is None or not offer.active:
        name = offer.name(lang) if offer else row.name
        return (Notice("product_gone", t("notice.product_gone", name=name), row.sku, name),)
    name = offer.name(lang)
    if offer.available == 0:
        return (Notice("out_of_stock", t("notice.out_of_stock", name=name), row.sku, name, left=0),)
    notices = []
    if not offer.has(row.quantity):
        left = offer.available or 0
        text = t("notice.quantity_reduced", n=left, name=name)
        notices.append(Notice("few_left", text, row.sku, name, left=left))
    if offer.price != row.seen_price:
        text = t("notice.price_changed", name=name, amount=format_amount(offer.price))
        notices.append(Notice("price_changed", text, row.sku, name, price=offer.price))
    return tuple(notices)
