"""The fast environment gives the output of the plain one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from commerce_api.foundation.theming import ThemeIncomplete, environment
from sitegen.templates import asset_of, fast_environment


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
