"""Shapes of the cart: what is asked, and the one document that is answered."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from commerce_api.foundation.web.parsing import OMIT_NONE, RowId, Schema, ViewSchema
from commerce_api.shop.cart.document import CartView
from commerce_api.shop.pricing.lines import MOST_PIECES

Sku = Annotated[str, Field(min_length=1, max_length=50, examples=["TC-KOLOS-TEE-COAL-M"])]
Quantity = Annotated[int, Field(ge=1, le=MOST_PIECES)]


class NewLine(Schema):
    """A SKU and how many of it."""

    sku: Sku
    quantity: Quantity


class LineChange(Schema):
    """How many of a line that is there, or another SKU of its product in its place, or both."""

    quantity: Quantity | None = None
    sku: Sku | None = None


class PromoIn(Schema):
    """A promo code, in any letter case."""

    code: Annotated[str, Field(min_length=1, max_length=64, examples=["DROP10"])]


class CartQuery(Schema):
    """What a link to the cart or the checkout may carry: lines and a code to take over, or the line that was just taken
    out. What a mailing adds of its own takes nothing of that away."""

    model_config = ConfigDict(extra="ignore")

    add: Annotated[str, Field(max_length=6_000)] = ""
    promo: Annotated[str, Field(max_length=64)] = ""
    undo: Annotated[str, Field(max_length=64)] = ""


class AddManyForm(Schema):
    """The button of a cart that came by a link: `add` as in the link, and the code that came along."""

    add: Annotated[str, Field(max_length=6_000)]
    promo: Annotated[str, Field(max_length=64)] = ""


class PromoForm(Schema):
    """The field of the cart page: the button `drop` forgets the code."""

    code: Annotated[str, Field(max_length=64)] = ""
    drop: str | None = None


class AddForm(Schema):
    """The form of a product page; `next` is the page it stands on."""

    sku: Sku
    quantity: Quantity = 1
    next: str | None = None


class ChangeForm(Schema):
    """The form of a line on the cart page: the button `remove` wins over the number, `step` counts from it."""

    line: RowId
    quantity: Annotated[int, Field(ge=0, le=MOST_PIECES)] | None = None
    sku: Sku | None = None
    step: Literal["-1", "1"] | None = None
    remove: str | None = None


class LineOut(ViewSchema):
    """A line. Amounts are kopiyky; `note` says in words what is the matter with it."""

    id: int
    sku: str
    name: str
    colour: str
    size: str
    fit: Annotated[str | None, OMIT_NONE] = None
    url: str
    image: str | None
    quantity: int
    unit_price: int
    line_total: int
    note: Annotated[str | None, OMIT_NONE] = None


class NoticeOut(ViewSchema):
    """What the shopper should know: `code` price_changed, few_left, out_of_stock or product_gone, `text` in words."""

    code: str
    text: str
    sku: str
    name: str
    left: Annotated[int | None, OMIT_NONE] = None
    price: Annotated[int | None, OMIT_NONE] = None


class CartOut(Schema):
    """The cart document (interface.md). Amounts are kopiyky; `shipping` is for a branch until one is chosen.

    `promo` is the code that was given, `promo_note` says in words why it takes nothing off.
    """

    lines: list[LineOut]
    goods: int
    discount: int
    shipping: int
    total: int
    promo: Annotated[str | None, OMIT_NONE] = None
    promo_note: Annotated[str | None, OMIT_NONE] = None
    free_shipping_left: int
    notices: list[NoticeOut]

    @classmethod
    def of(cls, view: CartView) -> "CartOut":
        """The document as programs and templates read it."""
        totals = view.totals
        return cls(
            lines=[LineOut.of(line) for line in view.lines],
            goods=totals.goods,
            discount=totals.discount,
            shipping=totals.shipping,
            total=totals.payable,
            promo=view.promo.code if view.promo else None,
            promo_note=view.promo.note if view.promo else None,
            free_shipping_left=totals.free_shipping_left,
            notices=[NoticeOut.of(notice) for notice in view.notices],
        )
