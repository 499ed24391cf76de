"""Search in a real browser: the worker finds what the sidecar finds, and reads words letter by letter alike."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Route

from commerce_api.foundation.kit.searching.matching import find
from commerce_api.foundation.kit.searching.terms import collect, product_words, read_product
from commerce_api.foundation.kit.searching.words import other_layout, read
from commerce_api.foundation.theming import THEME
from sitegen.assets import bundle
from sitegen.finding import terms as term_files
from tests.search_corpus import corpus, shop_rules, shop_terms

HERE: Final = "http://search.test"
SIGNS: Final = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъabcdefghijklmnopqrstuvwxyz0123456789'’- .,[];éüß№«»ІЇQWШЩ"
WORDS: Final = 1500
LANGUAGES: Final = ("uk", "en")

ASK: Final = """async ([pointer, queries]) => {
  const worker = new Worker("/worker.js");
  const answers = [];
  for (const [id, query] of queries.entries()) {
    worker.postMessage({ id, pointer, query, count: 10, wish: null });
    const told = new Promise((tell) => worker.addEventListener("message", ({ data }) => tell(data), { once: true }));
    answers.push(await told);
  }
  worker.terminate();
  return answers.map(({ products, whole, readAs, total, failed }) => ({
    slugs: products?.map(([card]) => card.path.split("/").at(-2)), whole, readAs, total, failed }));
}"""
READ: Final = """async ([rules, texts]) => {
  const { otherLayout, readWords, readyRules } = await import("/js/lib/search-words.js");
  const ready = readyRules(rules);
  const words = (text) => readWords(text, ready).map(({ skeleton, stem }) => [skeleton, stem]);
  return texts.map((text) => [words(text), otherLayout(text, ready)]);
}"""


def site_files() -> dict[str, str]:
    """A small site of nothing but search: the worker, and the data of the repository's catalogue by file."""
    files = {
        "/": "<!doctype html><title>search</title>",
        "/worker.js": bundle([THEME / "js" / "workers" / "search.js"]),
    }
    for lang in LANGUAGES:
        slugs, terms = shop_terms(lang)
        documents = term_files.files(terms, shop_rules(), lang)
        files |= {f"/{document.file}": document.text for document in documents}
        cards = [{"path": f"/product/{slug}/", "name": slug, "category": "", "colours": []} for slug in slugs]
        files[f"/cards-{lang}.json"] = json.dumps(cards)
        pointer = {"shard": 1000, "cards": [f"/cards-{lang}.json"], "categories": {}, "colours": {}}
        files[f"/find-{lang}.json"] = json.dumps({**pointer, "search": f"/{documents[0].file}"})
    return files


def serve(page: Page, files: dict[str, str]) -> None:
    """Answer the page's requests from `files`, and modules from the theme."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HERE)
        text = files.get(path) or (THEME / path[1:]).read_text("utf-8")
        kinds = {".js": "text/javascript", ".json": "application/json"}
        route.fulfill(body=text, content_type=f"{kinds.get(Path(path).suffix, 'text/html')}; charset=utf-8")

    page.route(f"{HERE}/**", answer)
    page.goto(f"{HERE}/")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    serve(page, site_files())
    yield page
    page.close()


def asked(page: Page, pointer: str, queries: list[str]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = page.evaluate(ASK, [pointer, queries])
    return answers


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_worker_finds_the_whole_corpus_and_exactly_what_the_sidecar_finds(page: Page, lang: str) -> None:
    # given all queries of a language
    rows = [row for row in corpus() if row.lang == lang]
    slugs, terms = shop_terms(lang)

    # when the worker is asked
    answers = asked(page, f"/find-{lang}.json", [row.query for row in rows])

    # then it finds what people meant, and the sidecar says the same
    assert [row.complaint(told["slugs"], whole=told["whole"]) for row, told in zip(rows, answers, strict=True)] == [
        ""
    ] * len(rows)
    for row, told in zip(rows, answers, strict=True):
        found = find(row.query, terms, shop_rules())
        best = [slugs[ordinal] for ordinal in found.ordinals[:10]]
        assert (told["slugs"], told["whole"], told["readAs"] or None) == (best, found.whole, found.read_as), row.query
        assert told["total"] == len(found.ordinals)


def test_words_are_read_letter_by_letter_alike_on_both_sides(page: Page) -> None:
    # given the corpus and texts nobody would type
    chance = random.Random(20261124)  # noqa: S311 - the same texts every time
    texts = [row.query for row in corpus()]
    texts += ["".join(chance.choices(SIGNS, k=chance.randint(1, 14))) for _ in range(WORDS)]
    slugs, terms = shop_terms("uk")
    rules = json.loads(term_files.files(terms, shop_rules(), "uk")[0].text)["rules"]

    # when the browser reads them
    told = page.evaluate(READ, [rules, texts])

    # then it reads them as Python does
    for text, (words, swapped) in zip(texts, told, strict=True):
        assert words == [[word.skeleton, word.stem] for word in read(text, shop_rules())], text
        assert swapped == other_layout(text, shop_rules()), text


def test_a_large_catalogue_is_searched_by_a_few_of_its_files(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a catalogue whose words are many files
    chance = random.Random(7)  # noqa: S311 - the same names every time
    names = [(chance.choice("бвгдзклмнпрст") + chance.choice("аеиоу")) * 2 + str(n) for n in range(600)]
    rules = shop_rules()
    words = [product_words((f"Худі {name}", name, None), name, ("hoodies", "Худі"), [], ("M",)) for name in names]
    monkeypatch.setattr(term_files, "WHOLE", 0)
    monkeypatch.setattr(term_files, "SHARD", 300)
    documents = term_files.files(collect([read_product(each, rules) for each in words]), rules, "uk")
    assert len(documents) > 12
    cards = [{"path": f"/product/{n}/", "name": name, "category": "", "colours": []} for n, name in enumerate(names)]
    pointer = {"shard": 1000, "cards": ["/c.json"], "categories": {}, "colours": {}, "search": f"/{documents[0].file}"}
    files = {f"/{document.file}": document.text for document in documents}
    files |= {
        "/c.json": json.dumps(cards),
        "/p.json": json.dumps(pointer),
        "/worker.js": site_files()["/worker.js"],
        "/": "<!doctype html>",
    }
    page.unroute_all()
    serve(page, files)
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))

    # when one product is looked for
    [told] = asked(page, "/p.json", [f"hudi {names[300]}"])

    # then it is found, and most files were never asked for
    assert told["slugs"][0] == "300"
    assert told["whole"]
    assert sum("/data/search-" in url for url in asked_for) <= 8
