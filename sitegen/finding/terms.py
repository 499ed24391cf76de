"""The words of the catalogue: a file with the rules and, for a large catalogue, files of stems by the alphabet."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from commerce_api.foundation.kit.searching.packing import pack_terms
from commerce_api.foundation.kit.searching.rules import Rules, ShopWords, plain
from commerce_api.foundation.kit.searching.terms import WEIGHTS, ReadWords, Terms, collect, product_words, read_product
from commerce_api.foundation.kit.searching.words import rules_for
from commerce_api.foundation.theming import Texts
from sitegen.finding.order import products_in_order
from sitegen.finding.parts import Memory, Part, address, hashed
from sitegen.page import Document
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView

WHOLE: Final = 40_000
"""Letters of words and places that are still one file: about 15 kB on the way."""
SHARD: Final = 10_000
"""Letters of one file of a larger catalogue: about 5 to 8 kB on the way."""

_memory: Final = Memory()


def part(shop: Snapshot, lang: str) -> Part:
    """The files of a language; the pointer names the first one, which names the others."""
    words = shop.site.get("search", ShopWords())
    products = [_facts(shop, product, lang) for product in products_in_order(shop, lang)]
    documents: tuple[Document, ...] = _memory.recall((lang,), (words, products), lambda: _files(words, products, lang))
    return Part(address(documents[0]), documents)


def _facts(shop: Snapshot, product: ProductView, lang: str) -> tuple[Any, ...]:
    """What the words of a product are made of: references, quick to take and to compare."""
    text = product.texts[lang]
    return (
        (text.name, text.lead, text.story_html),
        product.slug,
        (product.category, shop.category_views[product.category].texts[lang].name),
        tuple((variant.colour.slug, variant.colour.names[lang]) for variant in product.variants),
        (*product.sizes, *(_fit(shop.texts[lang], fit) for fit in product.fits)),
    )


def _fit(t: Texts, fit: str) -> str:
    """A fit in words; its name where the theme has none for it."""
    word = t.entries.get(f"fit.{fit}", fit)
    return word if isinstance(word, str) else fit


def _files(words: ShopWords, facts: Iterable[tuple[Any, ...]], lang: str) -> tuple[Document, ...]:
    rules: Rules = _memory.recall((lang, "rules"), words, lambda: rules_for(words))
    read = [_read(fact, rules, lang) for fact in facts]
    return files(collect(read), rules, lang)


def _read(fact: tuple[Any, ...], rules: Rules, lang: str) -> ReadWords:
    # Rules are compared by identity: other ones read every product anew.
    read: ReadWords = _memory.recall(
        (lang, "product", fact[1]), (rules, fact), lambda: read_product(product_words(*fact), rules)
    )
    return read


def files(terms: Terms, rules: Rules, lang: str) -> tuple[Document, ...]:
    """The first file and those that it names."""
    key, packed = f"finding:{lang}:search", pack_terms(terms)
    head: dict[str, Any] = {"count": terms.count, "weights": WEIGHTS, "rules": _rules(rules, packed)}
    if _letters(packed) <= WHOLE:
        return (hashed(key, f"search-{lang}", {**head, "terms": packed}),)
    cut = list(_shards(packed))
    shards = [hashed(key, f"search-{lang}-{number}", shard) for number, shard in enumerate(cut)]
    named = [[next(iter(shard)), address(document)] for shard, document in zip(cut, shards, strict=True)]
    return (hashed(key, f"search-{lang}", {**head, "shards": named}), *shards)


def _rules(rules: Rules, packed: Mapping[str, str]) -> dict[str, Any]:
    """The rules with the words of each group that lead somewhere standing apart, so that no file is asked in vain."""
    told = plain(rules)
    told["groups"] = [[group, [stem for stem in group if stem in packed]] for group in told["groups"]]
    return told


def _letters(packed: Mapping[str, str]) -> int:
    return sum(len(stem) + len(places) for stem, places in packed.items())


def _shards(packed: Mapping[str, str]) -> Iterator[dict[str, str]]:
    shard: dict[str, str] = {}
    letters = 0
    for stem, places in packed.items():
        letters += len(stem) + len(places)
        if shard and letters > SHARD:
            yield shard
            shard, letters = {}, len(stem) + len(places)
        shard[stem] = places
    if shard:
        yield shard
