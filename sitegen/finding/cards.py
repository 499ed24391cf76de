"""Cards as data: everything `macros/product_card.html` shows of a product, in files of neighbouring ordinals."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from commerce_api.foundation.kit import urls
from sitegen.finding.order import products_in_order
from sitegen.finding.parts import Memory, Part, address, hashed
from sitegen.page import Document
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView, VariantView

SHARD: Final = 50
"""Products in one file. A list sorted by price takes each of its cards from another file, so files are small."""
PICTURES: Final = 2
"""Pictures of a colour that a card shows: one, and one more under the pointer."""

_memory: Final = Memory()


def part(shop: Snapshot, lang: str) -> Part:
    """The files of a language; the pointer lists them in order: ordinal // SHARD is the place of its file."""
    products = products_in_order(shop, lang)
    shards = [products[start : start + SHARD] for start in range(0, len(products), SHARD)]
    documents = [
        _memory.recall((lang, str(number)), shard, partial(_shard, number, shard, lang))
        for number, shard in enumerate(shards)
    ]
    return Part([address(document) for document in documents], tuple(documents))


def _shard(number: int, products: Sequence[ProductView], lang: str) -> Document:
    return hashed(f"finding:{lang}:cards", f"cards-{lang}-{number}", [card(product, lang) for product in products])


def card(product: ProductView, lang: str) -> dict[str, Any]:
    """A product as its card shows it. Prices are kopiyky; what is not there is left out."""
    prices = {variant.price for variant in product.variants}
    face = product.variants[0]
    record = {
        "path": urls.product(product.slug, lang),
        "name": product.texts[lang].name,
        "category": product.category,
        "price": min(prices),
        "old": face.old_price if len(prices) == 1 else None,
        "from": len(prices) > 1,
        "colours": [_colour(variant, lang) for variant in product.variants],
    }
    return {name: value for name, value in record.items() if value}


def _colour(variant: VariantView, lang: str) -> dict[str, Any]:
    images = variant.images[:PICTURES]
    record = {
        "slug": variant.colour.slug,
        "price": variant.price,
        "old": variant.old_price,
        "pictures": [image.key for image in images],
        "alt": images[0].alt[lang] if images else None,
        "sizes": on_sale(variant),
    }
    return {name: value for name, value in record.items() if value}


def on_sale(variant: VariantView) -> list[str]:
    """The sizes of a colour that could be bought when this was made."""
    return list(dict.fromkeys(sku.size for sku in variant.skus if sku.available))
