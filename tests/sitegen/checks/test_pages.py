"""The checker finds what a visitor would stumble over on a page."""

import gzip
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from sitegen.checks import SiteMoved, budgets, check
from sitegen.checks.reading import read_page
from sitegen.checks.site import Site
from tests.sitegen.builders import catalogue, product
from tests.sitegen.checks.builders import URL, found, good, page, sitemap, write


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="/gone/">x</a>', "dead link /gone/"),
        ('<a href="other">x</a>', "dead link other"),
        ('<a href="http://shop.test/gone/">x</a>', "dead link http://shop.test/gone/"),
        ('<a href="/other/#nowhere">x</a>', "dead fragment /other/#nowhere"),
        ('<a href="#top">x</a>', "dead fragment #top"),
        ('<img src="/a.jpg" alt="" width="1" height="1">', "dead link /a.jpg"),
        ('<picture><source srcset="/a-400.avif 400w"></picture>', "dead link /a-400.avif"),
        ('<script src="/assets/x.js"></script>', "dead link /assets/x.js"),
        ('<script src="/robots.txt" data-more="/assets/later.js"></script>', "dead link /assets/later.js"),
        ('<img src="/a.png" width="1" height="1">', "a picture without alt"),
        ('<img src="/a.png" alt="">', "a picture without width"),
        ('<figure><img src="/a.png" alt=" " width="1" height="1"></figure>', "a figure whose picture has no words"),
        ("<style>a{}</style>", "inline style"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<button onclick="x()">x</button>', "inline handler onclick"),
        ('<p id="a">x</p><p id="a">y</p>', "two elements with the id a"),
        ('<script src="https://far.test/a.js"></script>', "fetches https://far.test/a.js from another host"),
        ('<a href="https://far.test/">x</a>', "links to the unexpected host far.test"),
        ('<a href="javascript:x()">x</a>', "links with the scheme javascript:"),
        ('<button formaction="https://far.test/">x</button>', "links to the unexpected host far.test"),
        ('<object data="/a.svg"></object>', "dead link /a.svg"),
        ('<svg><use href="/a.svg#cart"></use></svg>', "dead link /a.svg#cart"),
        ("<h1>y</h1>", "2 headings of the first level where one belongs"),
        ("<p>{{ product.name }}</p>", "a piece of its template is left in it: '{{ product.name }}'"),
        ("<p>\ufffd</p>", "is not UTF-8, or was not when it was made"),
    ],
)  # fmt: skip
def test_each_kind_of_fault_is_named_with_its_page(tmp_path: Path, body: str, problem: str) -> None:
    good(tmp_path, body)

    assert f"index.html: {problem}" in found(tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/other/#sizes">x</a>',
        '<a href="other/">x</a>',
        '<a href="https://t.me/shop">x</a><a href="mailto:a@b.test">x</a><a href="tel:+380">x</a>',
        '<a href="/cart/">x</a><a href="/en/find/?q=x">x</a><form action="/cart/add" method="post"></form>',
        '<button type="button" data-on="x">one click</button>',
        "<svg><title>drawing</title></svg>",
    ],
)
def test_what_leads_somewhere_is_left_alone(tmp_path: Path, body: str) -> None:
    good(tmp_path, body)

    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("other/index.html", page("/other/", lang="en"), "is in en, though it lies among the pages in uk"),
        ("other/index.html", page("/other/", title="uk/"), "has the title of index.html: uk/"),
        ("en/other/index.html", page("/en/other/", lang="en", title="Колос"), "nobody translated its title: Колос"),
        (
            "en/other/index.html",
            page("/en/other/", lang="en").replace("<h1>x<", "<h1>Колос<"),
            "nobody translated its heading: Колос",
        ),
        ("other/index.html", page("/other/", hidden=True), None),
        ("lone/index.html", page("/lone/"), "no page leads there"),
        ("lone/index.html", page("/lone/"), "hreflang en leads to http://shop.test/en/lone/, which is no page"),
        ("lone/index.html", page("/other/"), None),
        ("lone/index.html", page("/nowhere/"), "its canonical address http://shop.test/nowhere/ is no page"),
        ("lone/index.html", page("/lone/"), "may be shown by search engines, but no sitemap names it"),
    ],
)
def test_what_a_page_says_of_itself_is_compared_with_the_others(
    tmp_path: Path, file: str, text: str, problem: str | None
) -> None:
    good(tmp_path)
    write(tmp_path, {file: text})

    problems = [each for each in found(tmp_path) if each.startswith(file)]

    assert (f"{file}: {problem}" in problems) if problem else problems == []


@pytest.mark.parametrize(("lang", "is_told"), [("en", True), ("pl", True), ("bg", False), ("uk", False)])
def test_cyrillic_letters_are_strange_only_in_languages_of_other_letters(
    tmp_path: Path, lang: str, is_told: bool
) -> None:
    good(tmp_path)
    write(tmp_path, {f"{lang}/shirt/index.html": page(f"/{lang}/shirt/", lang=lang, title="Риза")})

    assert any("nobody translated its title: Риза" in each for each in found(tmp_path)) is is_told


def test_translations_that_disagree_are_named(tmp_path: Path) -> None:
    good(tmp_path)
    text = page("/en/other/", lang="en").replace('hreflang="uk"', 'hreflang="pl"')
    write(tmp_path, {"en/other/index.html": text})

    assert "other/index.html: hreflang en: http://shop.test/en/other/ does not say the same" in found(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (sitemap("/", "/en/", "/other/", "/en/other/", "/gone/"), "http://shop.test/gone/ is no page"),
        (sitemap("/", "/en/", "/other/", "/en/other/").replace("<url>", "<url><colour/>", 1), "no colour"),
        (sitemap("/", "/en/", "/other/", "/en/other/").replace("</loc>", "</loc><lastmod>soon</lastmod>"), "no moment"),
        ("<urlset", "is no XML"),
        ("<a/>", "begins with a"),
    ],
)
def test_a_sitemap_that_misleads_is_named(tmp_path: Path, text: str, problem: str) -> None:
    good(tmp_path)
    write(tmp_path, {"sitemap.xml": text})

    problems = [each for each in found(tmp_path) if each.startswith("sitemap.xml")]

    assert problems
    assert problem in problems[0]


def test_a_hidden_page_in_the_sitemap_is_named(tmp_path: Path) -> None:
    good(tmp_path)
    write(tmp_path, {"other/index.html": page("/other/", hidden=True)})

    assert "sitemap.xml: http://shop.test/other/ asks not to be indexed" in found(tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("redirects.json", '{"redirects": {"/other/": "/"}}', "/other/ is a page and would never be redirected"),
        ("redirects.json", '{"redirects": {"/a/": "/b/"}}', "/a/ leads to /b/, which is no page"),
        ("redirects.json", '{"redirects": {"/a/": "/b/", "/b/": "/"}}', "/a/ leads to /b/, which is redirected too"),
        ("redirects.json", '{"gone": ["/other/"]}', "/other/ is said to be gone, and is not"),
        ("manifest.webmanifest", '{"name": "x"}', "has no icons"),
        ("robots.txt", "User-agent: *", "names no sitemap"),
        ("llms.txt", "[x](/gone/)", "leads to /gone/, which is not there"),
        ("redirects.json", "{", "is no JSON: "),
        (
            "robots.txt",
            f"User-agent: *\nDisallow: /\nSitemap: {URL}/sitemap.xml",
            "keeps search engines from /en/ and 3 others",
        ),
        ("sw.js", 'self.BUILD={"files":["/gone.css"]};', "keeps /gone.css, which is not there"),
    ],
)
def test_small_files_for_machines_are_read_too(tmp_path: Path, file: str, text: str, problem: str) -> None:
    good(tmp_path)
    write(tmp_path, {file: text})

    assert any(each.startswith(f"{file}: {problem}") for each in found(tmp_path))


@pytest.mark.parametrize(
    "file", ["robots.txt", "llms.txt", "sw.js", "r.json", "redirects.json", "gone.html", "503.html"]
)
def test_what_no_page_leads_to_must_be_there_all_the_same(tmp_path: Path, file: str) -> None:
    good(tmp_path)
    (tmp_path / file).unlink()

    assert f"{file}: is missing" in found(tmp_path)


def test_a_sitemap_that_says_something_twice_is_named(tmp_path: Path) -> None:
    good(tmp_path)
    part = f"<sitemap><loc>{URL}/pages.xml</loc></sitemap>"
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{part}{part}</sitemapindex>'
    write(tmp_path, {"sitemap.xml": index, "pages.xml": sitemap("/", "/en/", "/other/", "/en/other/", "/other/")})

    assert found(tmp_path) == [
        f"pages.xml: {URL}/other/ stands there twice",
        "sitemap.xml: names pages.xml twice",
    ]


def test_translations_in_the_sitemap_are_those_of_the_page(tmp_path: Path) -> None:
    # given an entry whose English page is another page
    good(tmp_path)
    ways = {"uk": "/other/", "en": "/en/", "x-default": "/other/"}
    links = "".join(f'<x:link hreflang="{lang}" href="{URL}{path}"/>' for lang, path in ways.items())
    text = sitemap("/", "/en/", "/other/", "/en/other/").replace(f"{URL}/other/</loc>", f"{URL}/other/</loc>{links}")
    write(tmp_path, {"sitemap.xml": text.replace("<urlset", '<urlset xmlns:x="http://www.w3.org/1999/xhtml"')})

    assert found(tmp_path) == [
        f"sitemap.xml: {URL}/other/: not the translations that its page names: en {URL}/en/, en {URL}/en/other/"
    ]


def test_a_stylesheet_that_travels_heavy_is_named(tmp_path: Path) -> None:
    good(tmp_path)
    write(tmp_path, {"assets/home.css": "".join(f".a{n * 7919 % 104729:x}{{order:{n}}}" for n in range(9000))})

    problems = found(tmp_path)

    assert len(problems) == 1
    assert problems[0].startswith("assets/home.css: ")


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (f'<meta property="og:image" content="{URL}/gone.jpg">', f"dead link {URL}/gone.jpg"),
        ('<meta http-equiv="refresh" content="0; url=/other/">', "leads away by itself"),
    ],
)
def test_what_the_head_of_a_page_promises_is_looked_at(tmp_path: Path, head: str, problem: str) -> None:
    good(tmp_path, head=head)

    assert f"index.html: {problem}" in found(tmp_path)


def test_half_a_page_is_named(tmp_path: Path) -> None:
    good(tmp_path)
    path = tmp_path / "other" / "index.html"
    path.write_bytes(path.read_bytes()[:-20])

    assert "other/index.html: breaks off before its end" in found(tmp_path)


def test_a_page_in_another_encoding_is_named_and_ends_no_check(tmp_path: Path) -> None:
    good(tmp_path, '<a href="/other/#sizes">x</a>')
    path = tmp_path / "other" / "index.html"
    path.write_bytes(path.read_text("utf-8").replace(">z<", ">Розміри<").encode("cp1251"))

    assert "other/index.html: is not UTF-8, or was not when it was made" in found(tmp_path)


def test_a_stylesheet_that_asks_for_what_is_not_there_is_named(tmp_path: Path) -> None:
    good(tmp_path)
    css = "a{src:url('/gone.woff2')}b{src:url(gone.svg#x)}c{src:url(data:,)}d{src:url(/a.png)}e{src:url(//far.test/a)}"
    write(tmp_path, {"assets/p.css": css})

    assert [each for each in found(tmp_path) if each.startswith("assets/p.css")] == [
        "assets/p.css: dead link /gone.woff2",
        "assets/p.css: dead link gone.svg#x",
        "assets/p.css: fetches //far.test/a from another host",
    ]


def test_packed_text_that_says_something_else_is_named(tmp_path: Path) -> None:
    # given twins that were left behind by an earlier page and an earlier stylesheet, and one that is torn
    good(tmp_path)
    css = "a{}" * 100
    write(tmp_path, {"a.css": css})
    for file in ("index.html", "other/index.html", "a.css"):
        data = (tmp_path / file).read_bytes()
        (tmp_path / f"{file}.br").write_bytes(brotli.compress(data.replace(b"z", b"y").replace(b"a{}", b"b{}")))
        (tmp_path / f"{file}.gz").write_bytes(gzip.compress(data)[: -9 if file == "index.html" else None])

    problems = [each for each in found(tmp_path) if "holds something else" in each]

    assert problems == [
        "index.html: its .gz holds something else than it does",
        "other/index.html: its .br holds something else than it does",
        "a.css: its .br holds something else than it does",
    ]


def test_a_page_that_was_published_between_two_looks_is_no_stale_one(tmp_path: Path) -> None:
    # given a page that was read, and was replaced together with its twin since
    write(tmp_path, {"index.html": "after"})
    (tmp_path / "index.html.br").write_bytes(brotli.compress(b"after"))
    site = Site(tmp_path, URL, frozenset({"index.html"}))

    assert list(budgets.stale(site, "index.html", b"before")) == []


def test_text_without_its_packed_twins_is_named(tmp_path: Path) -> None:
    # given a site whose home page lies packed beside itself, and a stylesheet that does not
    good(tmp_path)
    write(tmp_path, {"index.html.br": "", "index.html.gz": "", "a.css": "a{}" * 100, "small.css": "a{}"})

    problems = [each for each in found(tmp_path) if each.startswith(("a.css", "small.css"))]

    assert problems == ["a.css: has no .br and no .gz beside it and travels unpacked"]


def test_a_product_page_is_weighed_with_all_it_needs(tmp_path: Path) -> None:
    # given a light page whose script and fonts are too heavy together
    good(tmp_path)
    head = '<link rel="stylesheet" href="/assets/p.css">'
    write(
        tmp_path,
        {
            "product/x/index.html": page("/other/", head=head),
            "assets/p.css": 'a{src:url("/assets/a.woff2")}b{src:url(/assets/b.woff2)}',
            "assets/a.woff2": "a" * 20_000,
            "assets/b.woff2": "b" * 20_000,
        },
    )

    assert "product/x/index.html: fonts: 40000 bytes travel, at most 31000" in found(tmp_path)


def test_a_page_tells_its_ids_and_links() -> None:
    reading = read_page('<h1 id="a"></h1><link rel="stylesheet" href="/x.css"><source srcset="/a 1w, /b 2w">')

    assert reading.ids == {"a"}
    assert reading.parts == ["/x.css", "/a", "/b"]


def test_the_report_groups_what_it_found_and_says_what_it_did_not_look_at(tmp_path: Path) -> None:
    good(tmp_path, "".join(f'<a href="/gone-{n}/">x</a>' for n in range(12)))

    report = check(tmp_path, URL)

    assert "link: 12" in report.sentence()
    assert "… and 4 more" in report.sentence()
    assert any("HTML validity" in reason for reason in report.unchecked)
    assert '"link":12' in report.json()


def test_many_pages_are_read_by_two_processes_with_the_same_outcome(tmp_path: Path) -> None:
    good(tmp_path)
    write(tmp_path, {f"p{n}/index.html": page("/other/", '<a href="/gone/">x</a>') for n in range(450)})
    told: list[tuple[int, int]] = []

    report = check(tmp_path, URL, progress=lambda done, pages: told.append((done, pages)))

    assert sum(problem.what == "dead link /gone/" for problem in report.problems) == 450
    assert told[-1] == (459, 459)
    assert [p for p in report.problems if p.kind != "feed"] == [
        p for p in check(tmp_path, URL, workers=1).problems if p.kind != "feed"
    ]


def test_pages_of_a_product_that_is_not_published_are_named(tmp_path: Path) -> None:
    # given the pages of a draft, of a colour that was taken back, and a published product without pages
    good(tmp_path)
    names = ("draft", "here", "here/moss", "here/coal")
    write(tmp_path, {f"product/{name}/index.html": page("/other/") for name in names})
    view = catalogue(product("here", colours=("coal",), languages=("uk",)), languages=("uk",))

    report = check(tmp_path, URL, view=view)

    assert [str(problem) for problem in report.problems if problem.kind == "draft"] == [
        "product/draft/index.html: draft is not published",
        "product/here/moss/index.html: here has no published colour moss",
        "here: /en/product/here/ was not built",
        "here: /en/product/here/coal/ was not built",
    ]


def test_a_site_that_is_published_meanwhile_is_not_judged(tmp_path: Path) -> None:
    good(tmp_path)

    # given a file that goes away when the pages have been read
    with pytest.raises(SiteMoved, match=r"robots\.txt"):
        check(tmp_path, URL, progress=lambda *_: (tmp_path / "robots.txt").unlink())
