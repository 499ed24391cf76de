"""The sharing cards of products: which there are, which are missing, made beside the derived pictures."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from commerce_api.foundation.kit import urls
from sitegen import images
from sitegen.cards import CardJob
from sitegen.config import Config
from sitegen.sharing import Card, card_of
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView


def cards(shop: Snapshot, products: Iterable[ProductView]) -> Iterator[Card]:
    """The cards of every colour of these products, in each of their languages."""
    brand = shop.site["brand"]["name"]
    for product in products:
        for lang in shop.languages_of(product):
            for variant in product.variants:
                card = card_of(brand, product, variant, lang)
                if card:
                    yield card


def names(shop: Snapshot, products: Iterable[ProductView]) -> set[str]:
    """The files of the site that the cards of these products are."""
    return {urls.sharing_card(card.key)[1:] for card in cards(shop, products)}


def files(config: Config, shop: Snapshot, products: Iterable[ProductView]) -> Iterator[tuple[str, Path]]:
    """Each card that exists as (file of the site, finished source)."""
    for card in cards(shop, products):
        file = urls.sharing_card(card.key)[1:]
        source = config.images / os.path.basename(file)
        if source.exists():
            yield file, source


def derive(config: Config, shop: Snapshot, products: Iterable[ProductView]) -> list[str]:
    """Draw every card that is missing and whose picture is there; what went wrong is returned.

    A card without its picture is no problem of its own: the picture's is told by `images.derive`.
    """
    jobs = [job for card in cards(shop, products) if (job := _job(config, card))]
    done = images.run(jobs, "sharing cards", images.PROCESSES)
    return sorted(f"sharing card {key}: {problem}" for key, problem in done if problem)


def _job(config: Config, card: Card) -> CardJob | None:
    file = config.images / os.path.basename(urls.sharing_card(card.key))
    picture = config.images / os.path.basename(urls.image(card.picture, urls.JPEG_WIDTH, "jpeg"))
    if file.exists() or not picture.exists():
        return None
    folder = str(config.images)
    return CardJob(card.key, str(picture), card.name, card.colour, card.brand, folder, str(file))
