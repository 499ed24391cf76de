"""What machines are told a SKU is: its words, its price, whether it can be bought. One answer for every reader.

schema.org, the feeds, Markdown twins and `site check` all ask here, so that no two of them can differ (rules.md 1).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import KOPIYKY
from commerce_api.foundation.theming import Texts
from sitegen.snapshot import Snapshot
from sitegen.source import ColourView, ProductView, SkuView, VariantView


@dataclass(frozen=True, slots=True)
class Offer:
    """One SKU on the shelf. Amounts in kopiyky; `was` is set only where a discount lowers it to `price`.

    `size` names the fit too where the product has more than one, so that no two offers of a colour are called alike.
    """

    sku: str
    size: str
    price: int
    was: int | None
    available: bool


def offers(product: ProductView, variant: VariantView, t: Texts) -> Iterator[Offer]:
    """The offers of one colour, in the words of `t`."""
    many = len(product.fits) > 1
    for sku in variant.skus:
        yield Offer(sku.code, size_name(sku, many, t), variant.price, variant.old_price, sku.available)


def size_name(sku: SkuView, many_fits: bool, t: Texts) -> str:
    """`M`, or `M oversize` for what is not the usual fit of a product that has several."""
    return f"{sku.size} {t(f'fit.{sku.fit}')}" if many_fits and sku.fit != "classic" else sku.size


def title(name: str, colour: str, size: str, most: int) -> str:
    """What a SKU is called in at most `most` characters: a name that is too long is cut after a word, and never what
    tells the SKUs of a product apart."""
    told = f", {colour}, {size}"
    room = most - len(told)
    return (name if len(name) <= room else name[:room].rsplit(" ", 1)[0].rstrip(" ,")) + told


def amount(kopiyky: int) -> str:
    """`890.00`: an amount as schema.org and feeds write it."""
    return f"{kopiyky // KOPIYKY}.{kopiyky % KOPIYKY:02d}"


def delivery_price(shop: Snapshot, price: int) -> int:
    """What bringing one piece of `price` to a branch costs, in kopiyky."""
    return 0 if price >= shop.facts.free_delivery_from else shop.facts.branch_price


def page_path(product: ProductView, variant: VariantView, lang: str) -> str:
    """The canonical page of a colour: the product's own for its face, the colour's for any other."""
    face = variant.colour.slug == product.variants[0].colour.slug
    return urls.product(product.slug, lang, None if face else variant.colour.slug)


def material(product: ProductView, t: Texts) -> str:
    """`95% cotton, 5% elastane`."""
    return ", ".join(f"{share}% {t(f'fibre.{fibre}')}" for fibre, share in product.material)


def colour_words(colour: ColourView, palette: Mapping[str, ColourView], lang: str) -> str:
    """A colour as feeds want it: `coal`, and `coal/milk` for cloth of two colours of the palette."""
    parts = colour.slug.split("-")
    if colour.second_hex and all(part in palette for part in parts):
        return "/".join(palette[part].names[lang] for part in parts)
    return re.sub(r"[/,]", " ", colour.names[lang])
