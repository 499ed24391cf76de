"""Every page of the theme, rendered from sample views: what holds for all of them."""

import re
import tomllib
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import THEME
from tests.themes.builders import pages
from tests.themes.goods import LANGUAGES, PRODUCTS
from tests.themes.rendering import card, render, rendered

PAGES = rendered()
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\+00:00)?")
CYRILLIC = re.compile("[\u0400-\u04ff]")


class Reader(HTMLParser):
    """Tags with their attributes, ids, and the balance of opened and closed tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


every_page = pytest.mark.parametrize(("name", "html"), PAGES, ids=[name for name, _ in PAGES])


@every_page
def test_tags_are_balanced_and_ids_are_unique(name: str, html: str) -> None:
    # given a page, when its tags are read, then each is closed in its order and no id is given twice
    page = read(html)
    assert page.unbalanced == []
    assert page.open == []
    ids = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    assert [each for each, count in ids.items() if count > 1] == []


@every_page
def test_moments_have_a_form_that_html_knows(name: str, html: str) -> None:
    # given a page, when it tells when something was, then programs can read it: HTML knows no microseconds
    moments = [attrs["datetime"] or "" for attrs in read(html).all("time")]
    assert [each for each in moments if not MOMENT.fullmatch(each)] == []


@every_page
def test_nothing_is_inline_that_the_policy_forbids(name: str, html: str) -> None:
    # given a page, when searched for inline styles, scripts and handlers, then there are none
    page = read(html)
    assert page.all("style") == []
    assert [attrs for _, attrs in page.tags if "style" in attrs] == []
    assert [key for _, attrs in page.tags for key in attrs if key.startswith("on")] == []
    assert all("src" in attrs or attrs.get("type") == "application/ld+json" for attrs in page.all("script"))
    assert "javascript:" not in html


@every_page
def test_every_picture_has_its_room_and_its_words(name: str, html: str) -> None:
    # given a page, when its pictures are read, then each has alt, width and height
    for attrs in read(html).all("img"):
        assert {"alt", "width", "height"} <= set(attrs), attrs


@every_page
def test_at_most_one_picture_asks_for_priority(name: str, html: str) -> None:
    # given a page, when its pictures are read, then one at most is fetched first, and that one is not lazy
    first = [attrs for attrs in read(html).all("img") if attrs.get("fetchpriority") == "high"]
    assert len(first) <= 1
    assert all("loading" not in attrs for attrs in first)


@every_page
def test_fragments_and_labels_point_at_something(name: str, html: str) -> None:
    # given a page, when links to fragments, labels and descriptions are followed, then their targets are there
    page = read(html)
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    wanted = {href[1:] for attrs in page.all("a") if (href := attrs.get("href") or "").startswith("#")}
    for _, attrs in page.tags:
        for key in ("for", "aria-labelledby", "aria-describedby"):
            wanted |= set((attrs.get(key) or "").split())
    assert wanted - ids == set()


@every_page
def test_a_page_has_one_heading_of_the_first_rank(name: str, html: str) -> None:
    # given a page, when its headings are read, then one h1 leads and no rank is skipped on the way down
    ranks = [int(tag[1]) for tag, _ in read(html).tags if re.fullmatch("h[1-6]", tag)]
    assert ranks.count(1) == 1
    in_main = ranks[ranks.index(1) :]
    assert all(after - before <= 1 for before, after in zip(in_main, in_main[1:], strict=False))


@every_page
def test_english_pages_speak_english(name: str, html: str) -> None:
    # given an English page, when its words outside the link to Ukrainian are read, then no Cyrillic is among them
    if name.startswith("en/") and name != "en/checkout-errors":  # where a name was typed in Ukrainian
        body = re.sub(r'<a [^>]*hreflang="uk"[^>]*>[^<]*</a>', "", html)
        assert [line for line in body.splitlines() if CYRILLIC.search(line)] == []


@every_page
def test_forms_post_only_to_the_shop(name: str, html: str) -> None:
    # given a page, when its forms are read, then each posts to a path of kit.urls, or closes a dialog
    known = {
        f(lang)
        for lang in LANGUAGES
        for f in (urls.cart_add, urls.cart_change, urls.cart_promo, urls.checkout, urls.restock)
    }
    known |= {urls.find(lang) for lang in LANGUAGES}
    known |= {urls.account_page("favourites", lang) for lang in LANGUAGES}
    known |= {urls.order_cancel("s3cret-token", lang) for lang in LANGUAGES}
    for attrs in read(html).all("form"):
        assert attrs.get("method") == "dialog" or attrs.get("action") in known, attrs


@every_page
def test_every_heart_has_the_one_form_that_it_posts(name: str, html: str) -> None:
    # given a page, when its hearts are read, then each names its product and a form that stands there once
    page = read(html)
    hearts = [attrs for attrs in page.all("button") if attrs.get("form") == "favourite"]
    assert html.count("<favourite-toggle") == len(hearts)
    assert all(attrs.get("name") == "product" and attrs.get("value") for attrs in hearts), hearts
    assert not any("aria-pressed" in attrs for attrs in hearts), "only scripts know whether it is pressed"
    forms = [attrs for attrs in page.all("form") if attrs.get("id") == "favourite"]
    assert len(forms) <= 1
    assert forms or not hearts


def test_a_card_renders_as_a_template_of_its_own() -> None:
    # given a product, when its card is rendered, then it links to the product and shows its price
    html = card(PRODUCTS[0], "uk")
    assert urls.product("kolos-tee", "uk") in html
    assert "890\u00a0₴" in html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_typed_is_never_lost(lang: str) -> None:
    # given a checkout that came back with errors, when it is rendered, then the typed values are in the fields
    sample = next(each for each in pages(lang) if each.name == "checkout-errors")
    html = render(sample)
    for value in sample.context["form"].values():
        assert value in html
    for sentence in sample.context["errors"].values():
        assert sentence in html or sentence.replace("'", "&#39;") in html


def test_every_template_says_what_it_takes() -> None:
    # given the templates, when their first lines are read, then each opens with a comment
    silent = [
        str(path.relative_to(THEME))
        for path in sorted((THEME / "templates").rglob("*.html"))
        if not path.read_text("utf-8").startswith("{#")
    ]
    assert silent == []


def macro_names() -> set[str]:
    return {path.stem.replace("_", "-") for path in (THEME / "templates" / "macros").glob("*.html")}


def test_components_share_one_name() -> None:
    # given the custom elements, when their names are compared, then each has a stylesheet or a place in a template
    styles = {path.stem for path in (THEME / "css" / "components").glob("*.css")} | {"cart-page", "cart-count"}
    html = "".join(path.read_text("utf-8") for path in (THEME / "templates").rglob("*.html"))
    for path in (THEME / "js" / "elements").glob("*.js"):
        assert f"<{path.stem}" in html, path.stem
        assert path.stem in styles | macro_names() | {"checkout-form"}, path.stem


def test_page_kinds_list_files_that_exist() -> None:
    # given css/kinds.toml, when its files are looked up, then each is there and none of the theme's is forgotten
    named = kinds()
    for kind, lists in named.items():
        for folder, files in lists.items():
            assert len(files) == len(set(files)), kind
            for file in files:
                assert (THEME / folder / file).is_file(), f"{kind}: {file}"
    for folder in ("css", "js"):
        there = {str(path.relative_to(THEME / folder)) for path in (THEME / folder).rglob(f"*.{folder}")}
        used = {file for lists in named.values() for file in lists.get(folder, ())}
        assert there - used == set()


def kinds() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = tomllib.loads((THEME / "css" / "kinds.toml").read_text("utf-8"))
    return loaded


def imports(module: Path) -> set[Path]:
    found = re.findall(r'^import \{[^}]+\} from "(\.[^"]+)";$', module.read_text("utf-8"), flags=re.M)
    return {(module.parent / name).resolve() for name in found}


def test_modules_are_merged_after_what_they_import() -> None:
    # given the modules of a page kind in their order, when their imports are followed, then each came before
    for kind, lists in kinds().items():
        seen: set[Path] = set()
        for file in lists["js"]:
            module = (THEME / "js" / file).resolve()
            assert imports(module) <= seen, f"{kind}: {file}"
            seen.add(module)


def test_modules_can_be_merged_by_stripping_lines() -> None:
    # given the modules, when their statements are read, then imports and exports are plain and names unique
    names: Counter[str] = Counter()
    for module in sorted((THEME / "js").rglob("*.js")):
        text = module.read_text("utf-8")
        assert text.count("\n") <= 160, module.name
        for line in text.splitlines():
            if line.startswith("import"):
                assert re.fullmatch(r'import \{[^}]+\} from "\.\.?/[\w./-]+";', line), f"{module.name}: {line}"
            if line.startswith("export"):
                assert re.match(r"export (async )?(function|const|class) ", line), f"{module.name}: {line}"
        names.update(re.findall(r"^(?:export )?(?:async )?(?:function|const|class) (\w+)", text, flags=re.M))
        assert "innerHTML" not in text
    assert [name for name, count in names.items() if count > 1] == []
