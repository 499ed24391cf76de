"""The fast environment gives the output of the plain one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from commerce_api.foundation import theming
from commerce_api.foundation.theming import ThemeIncomplete, environment, texts
from sitegen import render
from sitegen.codegen import GIVEN_UP, REMEMBERED
from sitegen.page import Page
from sitegen.pages import all_keys, expand
from sitegen.plugin import warm
from sitegen.render import Renderer
from sitegen.snapshot import Snapshot
from sitegen.templates import TightLoader, asset_of, fast_environment
from tests.sitegen.builders import ROOT, catalogue, config_in, priced, product, some_products, told, variant


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    (tmp_path / "templates/macros").mkdir(parents=True)
    (tmp_path / "templates/macros/parts.html").write_text(
        "{% macro box(text, size=1) %}<b class={{ size }}>{{ text }}</b>{% endmacro %}\n"
        "{% macro wrap() %}<i>{{ caller() }}</i>{% endmacro %}\n"
        "{% macro count(things) %}{{ things | length }}{% endmacro %}\n"
    )
    (tmp_path / "templates/page.html").write_text(
        '{% from "macros/parts.html" import box, wrap, count %}\n'
        "{% for word in words %}\n"
        "    {{ box(word) }}{{ box(word, size=loop.index) }}{{ box(text=word) }}\n"
        "{% endfor %}\n"
        "{% call wrap() %}{{ greet(*words, **{'mark': '!'}) }}{% endcall %}\n"
        "{{ count([1, 2]) }}{{ count((1, 2, 3)) }}{{ asset('css/home.css') }}{{ urls.home('en') }}\n"
    )
    return tmp_path


def rendered(env: Environment) -> str:
    def greet(first: str, *rest: str, mark: str) -> str:
        return f"{first} & {len(rest)}{mark}"

    return env.get_template("page.html").render(words=["<a>", "b", "b"], greet=greet)


def without_indents(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines())


def test_the_output_is_that_of_the_plain_environment_without_indents(theme: Path) -> None:
    asset = asset_of({"css/home.css": "/assets/home-1.css"})

    plain, fast = rendered(environment(asset, theme)), rendered(fast_environment(asset, theme, None))

    assert list(without_indents(fast)) == list(without_indents(plain))
    assert "\n " not in fast


def test_a_remembered_macro_tells_text_from_markup_and_numbers_from_flags(theme: Path) -> None:
    env = fast_environment(asset_of({}), theme, None)
    box = env.get_template("macros/parts.html").module.box  # type: ignore[attr-defined]
    safe = env.from_string("{{ '<u>' | safe }}").render()

    outputs = [box("<u>"), box(env.globals["Markup"](safe)), box(1), box(True)]  # type: ignore[operator]

    assert outputs == [
        "<b class=1>&lt;u&gt;</b>",
        "<b class=1><u></b>",
        "<b class=1>1</b>",
        "<b class=1>True</b>",
    ]


def test_compiled_templates_are_found_again(theme: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    asset = asset_of({"css/home.css": "/x"})
    first = rendered(fast_environment(asset, theme, cache))
    kept = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}

    again = rendered(fast_environment(asset, theme, cache))

    assert kept
    assert again == first
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()} == kept


def test_an_asset_that_is_not_there_is_named() -> None:
    with pytest.raises(ThemeIncomplete, match=r"css/hom\.css"):
        asset_of({})("css/hom.css")


def test_a_theme_without_templates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ThemeIncomplete, match="no templates below"):
        fast_environment(asset_of({}), tmp_path, None)


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_the_real_theme_says_the_same_in_both_environments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    # given a shop in the real theme with everything a product can have
    config = config_in(tmp_path, theme=theming.THEME)
    shutil.copy(ROOT / "content" / "site.toml", config.content / "site.toml")
    dear = told(priced(product("dear", day=30, colours=("coal", "milk", "moss")), 300_000), "uk", "en")
    lower = product("lower", day=31, variants=(variant("lower", "coal", 50_000, 70_000),))
    view = catalogue(*some_products(26), dear, lower, product("hoodie", "hoodies"))
    shop, fast, _ = warm(config, view)

    # when its pages are rendered with the fast environment and with plain Jinja
    def plain(shop: Snapshot, theme: Path, bytecode: Path | None, lang: str) -> Environment:
        env = environment(asset_of(shop.assets), theme, None, lambda: shop.assets)
        assert env.loader
        env.loader = TightLoader(env.loader)
        return env

    monkeypatch.setattr(render, "_environment", plain)
    slow = Renderer(shop, config.theme)
    pages = [page for key in all_keys(shop) for page in expand(shop, key) if isinstance(page, Page)]
    chosen = [page for page in pages if page.meta.lang == lang and ("tee-0" not in page.file or "tee-020" in page.file)]

    # then they are the same, byte by byte
    assert {page.template for page in chosen} >= {"product.html", "category.html", "home.html", "story.html"}
    for page in chosen:
        assert fast.render(page) == slow.render(page), page.file


def test_a_macro_called_for_another_language_refuses(theme: Path) -> None:
    (theme / "templates/macros/words.html").write_text("{% macro word(lang) %}{{ lang }}{% endmacro %}\n")
    (theme / "templates/other.html").write_text(
        '{% from "macros/words.html" import word %}\n{% for code in codes %}{{ word(code) }}{% endfor %}\n'
    )
    env = fast_environment(asset_of({}), theme, None, known={"t": texts("uk")})

    assert env.get_template("other.html").render(codes=["uk"]).strip() == "uk"
    with pytest.raises(TypeError, match="'word' is compiled for 'uk' alone"):
        env.get_template("other.html").render(codes=["en"])


def test_a_name_with_another_meaning_is_left_alone(theme: Path) -> None:
    (theme / "templates/names.html").write_text(
        "{% for lang in ['a', 'b'] %}{{ lang }}{% endfor %}{% for urls in [1] %}{{ urls }}{% endfor %}"
        "{% for n in urls.IMAGE_WIDTHS %}{{ n }}{{ ',' if not loop.last }}{% endfor %}\n"
    )
    env = fast_environment(asset_of({}), theme, None, known={"t": texts("uk")})

    assert env.get_template("names.html").render(lang="uk") == "ab1400,600,800,1200"


def test_a_macro_that_is_never_asked_the_same_keeps_nothing(theme: Path) -> None:
    env = fast_environment(asset_of({}), theme, None)
    box = env.get_template("macros/parts.html").module.box  # type: ignore[attr-defined]

    outputs = [box(f"word {n}") for n in range(3 * REMEMBERED)]

    assert outputs[-1] == f"<b class=1>word {3 * REMEMBERED - 1}</b>"
    assert box._results is GIVEN_UP
    assert box("again") == box("again")
