"""What people wrote for the shop, as schema.org objects: articles, stories, questions."""

import re
from typing import Final

from markupsafe import Markup

from commerce_api.foundation.kit import urls
from sitegen.content import ContentView
from sitegen.seo.products import picture
from sitegen.seo.thing import SHOP_ID, Thing, home_ref
from sitegen.snapshot import Snapshot
from sitegen.source import ImageView, ProductView

QUESTION: Final = re.compile(r"<h2[^>]*>(?P<question>.*?)</h2>(?P<answer>.*?)(?=<h2|\Z)", re.DOTALL)
LINK: Final = re.compile(r'href="/(?!/)')


def blog_posting(shop: Snapshot, view: ContentView, image: str | None) -> Thing:
    """An article of the journal; `image` is the path of its sharing picture."""
    url = shop.site["url"]
    thing: Thing = {
        "@type": "BlogPosting",
        "@id": f"{url}{view.path}#article",
        "mainEntityOfPage": url + view.path,
        "headline": view.title,
        "description": view.description,
        "inLanguage": view.lang,
        "author": _author(shop, view.lang),
        "publisher": home_ref(url, SHOP_ID),
    }
    if view.date:
        thing["datePublished"] = view.date.isoformat()
    if image:
        thing["image"] = [url + image]
    return thing


def story(shop: Snapshot, product: ProductView, lang: str, title: str, near: ImageView | None) -> Thing:
    """What is told about the print of a product."""
    url, path = shop.site["url"], urls.story(product.slug, lang)
    thing: Thing = {
        "@type": "Article",
        "@id": f"{url}{path}#story",
        "mainEntityOfPage": url + path,
        "headline": title,
        "inLanguage": lang,
        "datePublished": product.added.isoformat(),
        "about": {"@id": f"{url}{urls.product(product.slug, lang)}#group"},
        "author": _author(shop, lang),
        "publisher": home_ref(url, SHOP_ID),
    }
    if near:
        thing["image"] = [picture(url, near, lang)]
    return thing


def _author(shop: Snapshot, lang: str) -> Thing:
    url = shop.site["url"]
    return {
        "@type": "Organization",
        "@id": f"{url}/{SHOP_ID}",
        "name": shop.site["brand"]["name"],
        "url": url + urls.home(lang),
    }


def faq(url: str, body: str) -> Thing | None:
    """Questions and answers, where every heading of a page's HTML asks a question; None for any other page."""
    asked = [
        (Markup(match["question"]).striptags(), LINK.sub(f'href="{url}/', match["answer"].strip()))  # noqa: S704 - words
        for match in QUESTION.finditer(body)
    ]
    if len(asked) < 2 or not all("?" in question and answer for question, answer in asked):
        return None
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
            for question, answer in asked
        ],
    }
