"""Markdown twins, llms.txt and the journal's feed."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from sitegen.content import ContentView
from sitegen.feeds.journal import journal
from sitegen.feeds.llms import llms
from sitegen.feeds.markdown import markdown
from sitegen.feeds.twins import twin
from tests.sitegen.builders import SITE_URL, catalogue, product, shop_of, told

ARTICLE = ContentView(
    "ink", "uk", "Про <фарбу>", "Дві", "Дві & не три", '<p><a href="/about/">ми</a></p>', date(2026, 10, 5), "ink.md"
)


def test_html_of_the_shop_becomes_markdown() -> None:
    html = (
        '<p>One <strong>two</strong>, <a href="/en/returns/">three</a>.</p>'
        "<ul><li>a_b</li><li>c<ol><li>d</li></ol></li></ul>"
        "<h2>Four</h2><blockquote><p>five</p></blockquote><p>1 &lt; 2</p>"
    )

    assert markdown(html, SITE_URL) == (
        f"One **two**, [three]({SITE_URL}/en/returns/).\n\n- a\\_b\n- c\n  1. d\n\n### Four\n\n> five\n\n1 \\< 2"
    )


def test_paragraphs_stay_in_their_quotation_and_their_item() -> None:
    quoted = "<blockquote><p>one</p><p>two</p></blockquote><p>three</p>"
    html = f"{quoted}<ul><li><p>four</p><p>five</p></li></ul><h2></h2><p>six</p>"

    assert markdown(html, SITE_URL) == "> one\n>\n> two\n\nthree\n\n- four\n\n  five\n\nsix"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>", "1. a\n\n   b\n\n2. c"),
        ("<ol>" + "<li>a</li>" * 9 + "<li><p>b</p><p>c</p></li></ol>", "1. a" + "*10. b\n\n    c"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n   - b\n2. c"),
        ("<ul><li>a<br>b</li></ul>", "- a  \n  b"),
        ("<ul><li><blockquote><p>a</p><p>b</p></blockquote></li></ul>", "- > a\n  >\n  > b"),
        ("<blockquote><ul><li>a</li><li>b</li></ul><p>c<br>d</p></blockquote>", "> - a\n> - b\n>\n> c  \n> d"),
        ("<blockquote>a</blockquote><blockquote>b</blockquote>", "> a\n\n> b"),
        ("<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>", "> a\n>\n> > b"),
        ("<ul><li>a<li>b</ul><p>c</p>", "- a\n- b\n\nc"),
        ("<h2>a<br>b</h2>", "### a b"),
    ],
)
def test_everything_stays_in_what_holds_it(html: str, text: str) -> None:
    numbered = "\n".join(f"{number}. a" for number in range(1, 10)) + "\n"

    assert markdown(html, SITE_URL) == text.replace("1. a*", numbered)


@pytest.mark.parametrize(
    "line", ["---", "- - -", "--", "===", "# b", "1. b", "10) b", "- b", "+ b", "> b", "~~~", "-|-"]
)
def test_no_line_of_a_paragraph_becomes_layout(line: str) -> None:
    escaped = line.replace(".", "\\.").replace(")", "\\)") if line[0] == "1" else f"\\{line}"

    assert markdown(f"<p>{line.replace('>', '&gt;')}</p>", SITE_URL) == escaped
    assert markdown(f"<p>a<br>\n {line.replace('>', '&gt;')}</p>", SITE_URL) == f"a  \n{escaped}"


def test_words_that_only_look_like_a_list_or_a_heading_stay_words() -> None:
    html = "<p>1. не пункт</p><p># не заголовок</p><p>- не пункт</p><p>&gt; не цитата</p><p>2026 рік</p>"

    assert markdown(html, SITE_URL) == (
        "1\\. не пункт\n\n\\# не заголовок\n\n\\- не пункт\n\n\\> не цитата\n\n2026 рік"
    )


def test_a_twin_tells_price_sizes_cloth_and_story() -> None:
    view = told(product("kolos", colours=("coal", "milk")), "en")
    first, second = view.variants[0].skus
    coal = replace(view.variants[0], price=80_000, old_price=100_000, skus=(replace(first, available=False), second))
    view = replace(view, variants=(coal, view.variants[1]))

    text = twin(shop_of(catalogue(view)), view, "en")

    assert text.startswith("# kolos en\n")
    assert f"- [coal]({SITE_URL}/en/product/kolos/): 800\u00a0₴, reduced from 1\u00a0000\u00a0₴\n" in text
    assert "  - Sizes you can order: M\n  - Sold out: S\n" in text
    assert "95% cotton, 5% elastane" in text
    assert "| S | 68.5 | 49 |" in text
    assert text.endswith("story of kolos\n")


def test_a_twin_tells_questions_and_answers_as_words() -> None:
    view = told(product("kolos"), "en")
    asked = replace(view.texts["en"], faq=(("Is *it* <warm>?", "It is, in a [way](x)."),))

    text = twin(shop_of(catalogue(view)), replace(view, texts={**view.texts, "en": asked}), "en")

    assert r"### Is \*it\* \<warm\>?" in text or r"### Is \*it\* \<warm>?" in text
    assert "[way](x)" not in text


def test_llms_txt_leads_to_the_twins_in_both_languages() -> None:
    text = llms(shop_of(catalogue(product("kolos"), product("alone", languages=("uk",)))))

    assert f"({SITE_URL}/product/alone.md)" in text
    assert f"({SITE_URL}/en/product/kolos.md)" in text
    assert "/en/product/alone.md" not in text


def test_the_journal_can_be_followed_with_whole_articles() -> None:
    shop = replace(shop_of(catalogue(product("kolos"))), content=(ARTICLE,))

    channel = ElementTree.fromstring(journal(shop, "uk"))[0]  # noqa: S314 - our own feed

    item = channel.find("item")
    assert item is not None
    assert item.findtext("title") == "Про <фарбу>"
    assert item.findtext("pubDate") == "Mon, 05 Oct 2026 12:00:00 +0000"
    body = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert body == f'<p><a href="{SITE_URL}/about/">ми</a></p>'
