"""What a product file must keep beyond the form of its values: its address, its completeness, its surroundings."""

import re
from collections.abc import Iterable
from typing import Final

from commerce_api.foundation.kit import text, urls
from commerce_api.shop.catalog import kinds
from commerce_api.shop.catalog.codes import sku_code
from commerce_api.shop.catalog.errors import BadSkuCode
from commerce_api.shop.catalog.file_tables import Notes, Table
from commerce_api.shop.catalog.files import SLUG_LENGTH, Known, Level, ProductFile

CYRILLIC: Final = re.compile("[\u0400-\u04ff]")


def check_slug(slug: str, notes: Notes) -> None:
    """The folder's name is the product's address."""
    if not text.is_slug(slug) or len(slug) > SLUG_LENGTH:
        notes.add("", f"the folder's name should be small Latin letters, digits and hyphens, at most {SLUG_LENGTH}")
    elif slug in urls.RESERVED_SLUGS:
        notes.add("", f"the folder's name {slug} is part of our addresses: choose another")


def check_letters(words: Table, lang: str) -> None:
    """Cyrillic in a language that is written in Latin letters is most likely a text that nobody translated."""
    if lang == urls.DEFAULT_LANGUAGE:
        return
    for key, value in words.values.items():
        if isinstance(value, str) and CYRILLIC.search(value):
            words.notes.add(words.at(key), f"has Cyrillic letters in a text of language {lang}", Level.WARNING)


def check_product(product: ProductFile, language: str, notes: Notes) -> None:
    """What the values say together; `language` is the default one."""
    if (product.status == "scheduled") != (product.publish_at is not None):
        notes.add("publish_at" if product.publish_at else "status", "status = scheduled and publish_at go together")
    _check_twice("colours.{}.slug", [colour.slug for colour in product.colours], notes)
    for number, colour in enumerate(product.colours):
        _check_twice(f"colours.{number}.pictures.{{}}.file", [picture.file for picture in colour.pictures], notes)
    _check_alts(product, notes)
    _check_codes(product, notes)
    if product.status in ("scheduled", "published"):
        for what in missing_for_page(product, language):
            notes.add("status", f"cannot be {product.status}: {what}")


def missing_for_page(product: ProductFile, language: str) -> list[str]:
    """What a product lacks that shoppers are to see, in words."""
    missing = []
    words = product.words.get(language)
    if words is None or not words.complete:
        missing.append(f"name, lead and description in {language} are needed")
    if not product.colours:
        missing.append("at least one colour is needed")
    missing += [f"colour {colour.slug} needs a picture" for colour in product.colours if not colour.pictures]
    return missing


def _check_twice(path: str, values: Iterable[str], notes: Notes) -> None:
    seen: set[str] = set()
    for number, value in enumerate(values):
        if value and value in seen:
            notes.add(path.format(number), f"{value} stands twice")
        seen.add(value)


def _check_alts(product: ProductFile, notes: Notes) -> None:
    """A picture is described in every language that the product has words in (lessons.md 58)."""
    for number, colour in enumerate(product.colours):
        for place, picture in enumerate(colour.pictures):
            for lang in product.words.keys() - picture.alt.keys():
                notes.add(f"colours.{number}.pictures.{place}.alt", f"has no description of the picture in {lang}")


def _check_codes(product: ProductFile, notes: Notes) -> None:
    sizes = [size for size, _ in product.size_table] if product.size_table else kinds.KINDS[product.kind].sizes
    for number, colour in enumerate(product.colours):
        try:
            longest = max(sizes, key=len)
            sku_code(product.slug, colour.slug, longest, oversize_beside_classic=len(product.fits) > 1)
        except BadSkuCode as error:
            notes.add(
                f"colours.{number}.slug",
                f"makes the SKU code {error.details['sku']}, and {error.details['longest']} characters are the most: "
                "shorten the folder's name",
            )


def check_around(product: ProductFile, known: Known, notes: Notes) -> None:
    """Category, colours and pictures exist."""
    kind = known.categories.get(product.category)
    if kind is None:
        notes.add("category", f"{product.category} is not in categories.toml")
    elif kind != product.kind:
        notes.add("kind", f"is {product.kind}, and category {product.category} holds {kind}")
    for number, colour in enumerate(product.colours):
        if colour.slug and colour.slug not in known.colours:
            notes.add(f"colours.{number}.slug", f"{colour.slug} is not in colours.toml")
        for place, picture in enumerate(colour.pictures):
            if known.pictures is not None and picture.file and picture.file not in known.pictures:
                notes.add(f"colours.{number}.pictures.{place}.file", f"{picture.file} is not in this folder")
