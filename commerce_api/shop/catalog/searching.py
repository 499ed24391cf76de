"""Search over the published catalogue: an index in the memory of this process, made anew when the catalogue changed.

The words are read and found exactly as in the browser (kit/searching); only the index differs: it is made of the
database's own rows, so a product is found before its page is built.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from tortoise.connection import get_connection

from commerce_api.foundation.db.setup import CONNECTION
from commerce_api.foundation.kit.searching import matching
from commerce_api.foundation.kit.searching.rules import Rules, ShopWords
from commerce_api.foundation.kit.searching.terms import ReadWords, Terms, collect, product_words, read_product
from commerce_api.foundation.kit.searching.words import rules_for
from commerce_api.foundation.publishing import service as publishing
from commerce_api.foundation.theming import texts
from commerce_api.shop.catalog import kinds, models
from commerce_api.shop.catalog.queries import published, published_where

PATIENCE: Final = 20
"""How many times as long as making the index took, an older one is good enough when shelves change all the time."""

SLOW: Final = 0.5
"""Seconds from which on making the index is not done for every change."""

Facts = tuple[tuple[str, str, str | None], str, tuple[str, str], tuple[tuple[str, str], ...], tuple[str, ...]]
"""What `product_words` is given."""


@dataclass(frozen=True, slots=True)
class Found:
    """Slugs, best first. `whole` tells whether they have all words of the query; `read_as` is what was looked for
    instead of what was typed, None where nothing was changed."""

    slugs: tuple[str, ...]
    whole: bool
    read_as: str | None


@dataclass(frozen=True, slots=True)
class _Index:
    version: tuple[int, int, int]
    words: ShopWords
    made_at: float
    took: float
    rules: Rules
    slugs: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, Terms]


@dataclass
class _Shelf:
    """The index over one database, and the words that were read for it, so that only what changed is read again."""

    index: _Index | None = None
    read: dict[tuple[str, str], tuple[object, ReadWords]] = field(default_factory=dict)
    making: asyncio.Lock = field(default_factory=asyncio.Lock)


_shelves: Final[WeakKeyDictionary[object, _Shelf]] = WeakKeyDictionary()


async def find(query: str, lang: str, languages: Sequence[str], words: ShopWords) -> Found:
    """The published products that fit a query in `lang`; `words` are the shop's own."""
    index = await _fresh(languages, words)
    if lang not in index.terms:
        return Found((), False, None)
    found = matching.find(query, index.terms[lang], index.rules)
    slugs = index.slugs[lang]
    return Found(tuple(slugs[ordinal] for ordinal in found.ordinals), found.whole, found.read_as)


async def _fresh(languages: Sequence[str], words: ShopWords) -> _Index:
    """The index as the catalogue is now; a slightly older one while a large catalogue changes again and again."""
    shelf = _shelves.setdefault(get_connection(CONNECTION), _Shelf())
    # The last number alone would miss a change that was numbered before and committed after it.
    version = *await publishing.changes_noted(), await published().count()
    if shelf.index and _is_good(shelf.index, version, words):
        return shelf.index
    async with shelf.making:
        if shelf.index is None or not _is_good(shelf.index, version, words):
            shelf.index = await _made(shelf, version, words, languages)
        return shelf.index


def _is_good(index: _Index, version: tuple[int, int, int], words: ShopWords) -> bool:
    if index.words != words:
        return False
    still_good = index.took > SLOW and time.monotonic() - index.made_at < PATIENCE * index.took
    return index.version == version or still_good


async def _made(shelf: _Shelf, version: tuple[int, int, int], words: ShopWords, languages: Sequence[str]) -> _Index:
    started = time.monotonic()
    facts = await _facts(languages)
    rules = shelf.index.rules if shelf.index and shelf.index.words == words else rules_for(words)
    # Reading ten thousand products takes seconds at the first time: other visitors are served meanwhile.
    terms = await asyncio.to_thread(_collected, facts, rules, shelf)
    slugs = {lang: tuple(fact[1] for fact in own) for lang, own in facts.items()}
    done = time.monotonic()
    return _Index(version, words, done, done - started, rules, slugs, terms)


def _collected(facts: Mapping[str, list[Facts]], rules: Rules, shelf: _Shelf) -> dict[str, Terms]:
    kept, shelf.read = shelf.read, {}
    terms = {}
    for lang, products in facts.items():
        read = []
        for fact in products:
            made_of: object = (rules, fact)
            known = kept.get((lang, fact[1]))
            if known is None or known[0] != made_of:
                known = made_of, read_product(product_words(*fact), rules)
            shelf.read[lang, fact[1]] = known
            read.append(known[1])
        terms[lang] = collect(read)
    return terms


async def _facts(languages: Sequence[str]) -> dict[str, list[Facts]]:
    """The words of published products per language, the oldest product first, as the ordinals of built pages are."""
    products = (
        await published()
        .order_by("added", "-slug")
        .values_list("id", "slug", "category_id", "category__slug", "kind", "fits", "size_table")
    )
    told: dict[tuple[int, str], tuple[str, str, str | None]] = {
        (product_id, lang): (name, lead, story)
        for product_id, lang, name, lead, description, story in await models.ProductText.filter(
            published_where("product__"), lang__in=list(languages)
        ).values_list("product_id", "lang", "name", "lead", "description_html", "story_html")
        if name and lead and description
    }
    colours = await _colours()
    categories = {
        (category_id, lang): name
        for category_id, lang, name, lead in await models.CategoryText.all().values_list(
            "category_id", "lang", "name", "lead"
        )
        if name and lead
    }
    facts: dict[str, list[Facts]] = {lang: [] for lang in languages}
    for id_, slug, category_id, category, kind, fits, size_table in products:
        for lang in languages:
            text, named = told.get((id_, lang)), categories.get((category_id, lang))
            if text and named and colours.get(id_):
                worn = tuple((colour, names.get(lang, colour)) for colour, names in colours[id_])
                facts[lang].append(
                    (text, slug, (category, named), worn, (*_sizes(kind, size_table), *_fits(fits, lang)))
                )
    return facts


async def _colours() -> dict[int, list[tuple[str, Mapping[str, str]]]]:
    colours: dict[int, list[tuple[str, Mapping[str, str]]]] = defaultdict(list)
    rows = models.ColorVariant.filter(published_where("product__"), active=True).order_by("position")
    for product_id, slug, names in await rows.values_list("product_id", "colour__slug", "colour__names"):
        colours[product_id].append((slug, names))
    return colours


def _sizes(kind: models.Kind, size_table: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple(row.size for row in (kinds.in_size_order(size_table) if size_table else kinds.KINDS[kind].size_table))


def _fits(fits: Sequence[str], lang: str) -> tuple[str, ...]:
    return tuple(texts(lang)(f"fit.{fit}") for fit in fits)
