"""How much search costs: bytes on the way to the browser, and time to answer in the sidecar.

    python -m bench.search             shows and stores
    python -m bench.search --quick     a smaller catalogue, stores nothing

Words are taken at random from the real texts, each drawing has a name of its own, so nothing packs better than it would
in a shop that sold so many different things.
"""

import random
import re
import time
from dataclasses import dataclass
from statistics import median
from typing import Final

import brotli  # type: ignore[import-untyped]

from bench import command, report
from bench.catalogue import LANG, make, read_seeds
from bench.figures import Figure, Results
from commerce_api.foundation.kit.searching import matching
from commerce_api.foundation.kit.searching.rules import Rules, read_shop_words
from commerce_api.foundation.kit.searching.terms import Terms, collect, product_words, read_product
from commerce_api.foundation.kit.searching.words import rules_for
from commerce_api.foundation.kit.text import slugify
from commerce_api.foundation.settings import ROOT
from sitegen.finding import terms as term_files

SIZES: Final = (300, 10_000)
QUICK: Final = (300,)
LEAD: Final = 14
STORY: Final = 60
QUERIES: Final = ("худі", "чорна футболка", "hudi", "aen,jkrf", "футблка", "лонгслів оверсайз", "трамвй", "кросівки")
ROUNDS: Final = 5
WORD: Final = re.compile("[а-яіїєґ’]{3,}")
QUALITY: Final = 5
"""The quality in which the site packs its files at first."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A catalogue as search sees it."""

    terms: Terms
    rules: Rules
    read_in: float


def shop(count: int) -> Shop:
    """A catalogue of `count` products with words of their own."""
    chance = random.Random(count)  # noqa: S311 - the same catalogue every time
    words = sorted({word for own in read_seeds().paragraphs.values() for text in own for word in WORD.findall(text)})
    rules = rules_for(read_shop_words(ROOT / "content"))
    products, name = [], ""
    for number, view in enumerate(make(count).products):
        if number % 3 == 0:
            name = "".join(chance.choice("бвгджзклмнпрстфхчш") + chance.choice("аеиоуя") for _ in range(3))
        lead, story = (" ".join(chance.choices(words, k=length)) for length in (LEAD, STORY))
        text = (f"{view.category} {name}", lead, story)
        worn = [(variant.colour.slug, variant.colour.names[LANG]) for variant in view.variants]
        slug = f"{slugify(name)}-{view.kind}"
        products.append(product_words(text, slug, (view.category, view.category), worn, (*view.sizes, *view.fits)))
    started = time.perf_counter()
    terms = collect([read_product(product, rules) for product in products])
    return Shop(terms, rules, time.perf_counter() - started)


def figures(count: int) -> list[Figure]:
    """What one size of catalogue costs."""
    made = shop(count)
    files = term_files.files(made.terms, made.rules, LANG)
    packed = [len(brotli.compress(each.text.encode(), quality=QUALITY)) / 1000 for each in files]
    spent = []
    for query in QUERIES:
        for _ in range(ROUNDS):
            started = time.perf_counter()
            matching.find(query, made.terms, made.rules)
            spent.append((time.perf_counter() - started) * 1000)
    size = f"{count:,}".replace(",", "\u202f") + " products"
    found = [Figure(f"search.{count}.first", f"{size}: first file, brotli", packed[0], "kB")]
    if len(packed) > 1:
        found.append(Figure(f"search.{count}.shard", f"{size}: largest other file, brotli", max(packed[1:]), "kB"))
    return [
        *found,
        Figure(f"search.{count}.files", f"{size}: files", len(packed), ""),
        Figure(f"search.{count}.p50", f"{size}: answer of the sidecar's index, p50", median(spent), "ms"),
        Figure(f"search.{count}.max", f"{size}: slowest answer", max(spent), "ms"),
        Figure(f"search.{count}.read", f"{size}: reading all words", made.read_in, "s"),
    ]


def run(sizes: tuple[int, ...]) -> Results:
    """All figures."""
    found = tuple(figure for count in sizes for figure in figures(count))
    note = "A search loads the first file, the files of its words (at most three for each) and the cards it shows."
    return Results("search", "", found, (note,))


if __name__ == "__main__":
    asked = command.asked(__doc__, "a small catalogue")
    report.finish(run(QUICK if asked.quick else SIZES), store=asked.store)
