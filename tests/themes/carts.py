"""Carts and orders of the shape that `docs/theme.md` promises."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from commerce_api.foundation.kit import urls
from commerce_api.shop.catalog.views import ProductView
from tests.themes.goods import FACTS, PRODUCTS


def cart_line(view: ProductView, lang: str, number: int, quantity: int, note: str | None = None) -> dict[str, Any]:
    face = view.variants[0]
    sku = face.skus[1]
    return {
        "id": number,
        "sku": sku.code,
        "name": view.texts[lang].name,
        "url": urls.product(view.slug, lang, face.colour.slug),
        "image": urls.image(face.images[0].key, 400),
        "colour": face.colour.names[lang],
        "size": sku.size,
        "fit": sku.fit if len(view.fits) > 1 else None,
        "quantity": quantity,
        "unit_price": face.price,
        "line_total": face.price * quantity,
        "note": note,
    }


def cart(lang: str, views: Sequence[ProductView] = PRODUCTS[:2], discount: int = 0) -> dict[str, Any]:
    """The cart document with one line per product."""
    lines = [cart_line(view, lang, number, quantity=1) for number, view in enumerate(views, 1)]
    goods = sum(line["line_total"] for line in lines)
    left = max(0, FACTS.free_delivery_from - goods + discount)
    shipping = FACTS.branch_price if left and lines else 0
    return {
        "lines": lines,
        "goods": goods,
        "discount": discount,
        "shipping": shipping,
        "total": goods - discount + shipping,
        "free_shipping_left": left,
        "notices": [],
    }


ARRIVAL: Final = {
    "uk": "Отримаєте орієнтовно пт, 27 листопада – нд, 29 листопада.",
    "en": "Expect it Fri, 27 November – Sun, 29 November.",
}


def quote(document: Mapping[str, Any]) -> dict[str, int]:
    return {
        "goods": document["goods"],
        "discount": document["discount"],
        "shipping": document["shipping"],
        "payable": document["total"],
    }


def order(lang: str, status: str = "new", payment_status: str = "unpaid", can_cancel: bool = True) -> dict[str, Any]:
    """An order of two lines with a short history."""
    document = cart(lang)
    return {
        "number": "TWC23112026N01",
        "token": "s3cret-token",
        "status": status,
        "payment": "cod",
        "payment_status": payment_status,
        "lines": document["lines"],
        "gross": document["goods"],
        "discount": document["discount"],
        "shipping": document["shipping"],
        "payable": document["total"],
        "delivery": {"kind": "branch", "city": "Харків" if lang == "uk" else "Kharkiv", "branch": "12"},
        "contact": {"name": "B*** K***", "phone": "+380 ** *** ** 67", "email": None},
        "history": [
            {"status": "new", "at": datetime(2026, 11, 23, 12, 5, 30, 910353, tzinfo=UTC)},
            {"status": status, "at": datetime(2026, 11, 23, 15, 40, tzinfo=UTC)},
        ],
        "can_cancel": can_cancel,
    }
