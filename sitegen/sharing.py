"""Which picture stands beside a link to a page in messengers, and what is written on it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView, VariantView

DESIGN: Final = 1
"""Count up when `sitegen.cards` draws something else: every card then gets a new address."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows: a garment's picture by its key, the product's name, its colour, the brand."""

    picture: str
    name: str
    colour: str
    brand: str

    @property
    def key(self) -> str:
        """The stem of its address, made of all it shows. Prices are left out: they change, sent links do not."""
        return sha256("\0".join((str(DESIGN), self.picture, self.name, self.colour, self.brand)).encode()).hexdigest()[
            :20
        ]


def card_of(brand: str, product: ProductView, variant: VariantView, lang: str) -> Card | None:
    """The card of a colour; None where the colour has no picture."""
    if not variant.images:
        return None
    return Card(variant.images[0].key, product.texts[lang].name, variant.colour.names[lang], brand)


def card_path(shop: Snapshot, product: ProductView, variant: VariantView, lang: str) -> str | None:
    """Where the card of a colour is; the shop's own card where the colour has no picture."""
    card = card_of(shop.site["brand"]["name"], product, variant, lang)
    return urls.sharing_card(card.key) if card else default_card(shop, lang)


def default_card(shop: Snapshot, lang: str) -> str | None:
    """Where the card of the shop itself is, if the theme has one."""
    return shop.assets.get(f"icons/card-{lang}.jpg")
