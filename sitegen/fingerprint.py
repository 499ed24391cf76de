"""The hash of a catalogue; those of files stand in `inputs`."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

from sitegen.inputs import hash_of
from sitegen.snapshot import Left
from sitegen.source import CatalogView, ProductView, encode


class Catalogue:
    """The fingerprint of a catalogue, kept per product: after a price edit one product is hashed, not all.

    The hashes of products are added up, which no order disturbs, so that one of them can be exchanged.
    """

    def __init__(self, view: CatalogView) -> None:
        self._rest = hash_of(encode([view.languages, view.categories, view.colours, view.facts, view.cities]))
        self._left = Left.of(view)
        self._left_hash = hash_of(encode(self._left))
        self._products = {product.slug: _number(product) for product in view.products}
        self._sum = sum(self._products.values())

    def change(self, changed: Mapping[str, ProductView | None], left: Left) -> None:
        """Take over some products as they are now, None for those no longer published, and all left addresses."""
        if left is not self._left:
            self._left, self._left_hash = left, hash_of(encode(left))
        for slug, product in changed.items():
            self._sum -= self._products.pop(slug, 0)
            if product is not None:
                self._products[slug] = _number(product)
                self._sum += self._products[slug]

    @property
    def digest(self) -> str:
        """One hash of all."""
        return hash_of(f"{self._rest} {self._left_hash} {len(self._products)} {self._sum}".encode())


def _number(product: ProductView) -> int:
    # orjson leaves a second copy of each Cyrillic text within the text, 25 MB in a shop of ten thousand products:
    # words go in as Python writes them.
    words = repr((sorted(product.texts.items()), [variant.images for variant in product.variants]))
    rest = replace(product, texts={}, variants=tuple([replace(variant, images=()) for variant in product.variants]))
    digest = blake2b(encode(rest), digest_size=32)
    digest.update(words.encode())
    return int.from_bytes(digest.digest())
