"""The checker finds what a visitor would stumble over."""

from pathlib import Path

import pytest

from sitegen.build import build
from sitegen.checks import check, read_page
from tests.sitegen.builders import catalogue, config_in, some_products


def site(folder: Path, body: str) -> list[str]:
    """The problems of a site of two pages, the first with this body."""
    (folder / "other").mkdir()
    (folder / "index.html").write_text(f"<!doctype html><title>x</title>{body}")
    (folder / "other/index.html").write_text('<!doctype html><title>y</title><h2 id="sizes">z</h2>')
    return list(check(folder).problems)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="/gone/">x</a>', "dead link /gone/"),
        ('<a href="other">x</a>', "dead link other"),
        ('<a href="/other/#nowhere">x</a>', "dead fragment /other/#nowhere"),
        ('<a href="#top">x</a>', "dead fragment #top"),
        ('<img src="/a.jpg" alt="" width="1" height="1">', "dead link /a.jpg"),
        ('<picture><source srcset="/a-400.avif 400w"></picture>', "dead link /a-400.avif"),
        ('<script src="/assets/x.js"></script>', "dead link /assets/x.js"),
        ('<img src="/index.html" width="1" height="1">', "a picture without alt"),
        ('<img src="/index.html" alt="">', "a picture without width"),
        ("<style>a{}</style>", "inline style"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<button onclick="x()">x</button>', "inline handler onclick"),
    ],
)
def test_each_kind_of_fault_is_named_with_its_page(tmp_path: Path, body: str, problem: str) -> None:
    assert f"index.html: {problem}" in site(tmp_path, body)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/other/#sizes">x</a>',
        '<a href="other/">x</a>',
        '<a href="https://t.me/shop">x</a><a href="mailto:a@b.test">x</a><a href="tel:+380">x</a>',
        '<a href="/cart/">x</a><a href="/en/find/?q=x">x</a><form action="/cart/add" method="post"></form>',
        '<script type="application/ld+json">{}</script>',
    ],
)
def test_what_leads_somewhere_is_left_alone(tmp_path: Path, body: str) -> None:
    assert site(tmp_path, body) == []


def test_a_stylesheet_that_travels_heavy_is_named(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/home.css").write_text("".join(f".a{n * 7919 % 104729:x}{{order:{n}}}" for n in range(9000)))

    problems = site(tmp_path, "")

    assert len(problems) == 1
    assert problems[0].startswith("assets/home.css: ")


def test_a_page_tells_its_ids_and_links() -> None:
    reading = read_page('<h1 id="a"></h1><link href="/x.css"><source srcset="/a 1w, /b 2w">')

    assert reading.ids == {"a"}
    assert reading.links == ["/x.css", "/a", "/b"]


def test_a_built_site_lacks_only_the_pictures_nobody_drew(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    build(config, catalogue(*some_products(30)))

    report = check(config.build / "current")

    assert report.pages > 60
    assert all("/images/" in problem for problem in report.problems)
