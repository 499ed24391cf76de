"""The corpus of searches, the catalogue of the repository as they see it, and what a good answer is."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bench.catalogue import read_seeds
from commerce_api.foundation.kit.searching.rules import Rules, read_shop_words
from commerce_api.foundation.kit.searching.terms import Terms, collect, product_words, read_product
from commerce_api.foundation.kit.searching.words import rules_for
from commerce_api.foundation.theming import texts
from commerce_api.shop.catalog import kinds
from commerce_api.shop.catalog.texts import to_html

CONTENT: Final = Path(__file__).parents[1] / "content"
LEADING: Final = 4
"""Places at which a kind must stand."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of the corpus and what it must find."""

    query: str
    lang: str
    first: str = ""
    kind: str = ""
    any: tuple[str, ...] = ()
    none: bool = False

    def complaint(self, slugs: Sequence[str], *, whole: bool) -> str:
        """What is wrong with an answer, "" when it is good."""
        found = f"{self.query!r} ({self.lang}): {'all words' if whole else 'some words'}, {list(slugs[:LEADING])}"
        if self.none:
            return found if whole else ""
        good = whole and bool(slugs)
        good &= not self.first or slugs[:1] == [self.first]
        good &= not self.kind or all(slug.endswith(self.kind) for slug in slugs[:LEADING])
        good &= set(self.any) <= set(slugs[: len(self.any)])
        return "" if good else found


@cache
def corpus() -> tuple[Asked, ...]:
    """search_corpus.toml beside this file."""
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["query"]
    return tuple(Asked(**{**row, "any": tuple(row.get("any", ()))}) for row in rows)


@cache
def shop_rules() -> Rules:
    """The words of the shop in this repository."""
    return rules_for(read_shop_words(CONTENT))


@cache
def shop_terms(lang: str) -> tuple[tuple[str, ...], Terms]:
    """The slugs of the repository's catalogue, oldest first, and where its words lead."""
    seeds = read_seeds()
    names = {entry.slug: entry.words[lang].name for entry in seeds.categories}
    colours = {entry.slug: entry.names[lang] for entry in seeds.colours}
    newest = sorted(seeds.products, key=lambda product: (-product.added.toordinal(), product.slug))
    products = newest[::-1]
    read = []
    for product in products:
        words = product.words[lang]
        story = to_html(words.story) if words.story else None
        marks = (*kinds.KINDS[product.kind].sizes, *(texts(lang)(f"fit.{fit}") for fit in product.fits))
        worn = [(colour.slug, colours[colour.slug]) for colour in product.colours]
        told = product_words(
            (words.name, words.lead, story), product.slug, (product.category, names[product.category]), worn, marks
        )
        read.append(read_product(told, shop_rules()))
    return tuple(product.slug for product in products), collect(read)
