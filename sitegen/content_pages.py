"""The pages of content/: pages, articles, and the journal that lists them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from markupsafe import Markup

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen.content import ContentView
from sitegen.page import Output, Page, crumb, file_of, shorten, standing
from sitegen.seo.lists import breadcrumbs, item_list
from sitegen.seo.writing import blog_posting, faq
from sitegen.sharing import default_card
from sitegen.snapshot import Snapshot

SIZE_GUIDE: Final = "size-guide"
WHOLESALE: Final = "wholesale"


def articles(shop: Snapshot, lang: str, without: str | None = None) -> list[dict[str, Any]]:
    """Summaries of the journal in `lang`, newest first."""
    views = [view for view in shop.content if view.date and view.lang == lang and view.slug != without]
    views.sort(key=lambda view: (view.date or 0, view.slug), reverse=True)
    return [{name: getattr(view, name) for name in ("title", "path", "summary", "date", "cover")} for view in views]


def journal(shop: Snapshot, _: str) -> Iterator[Output]:
    """The list of articles."""
    for named in standing(shop, "journal", urls.journal):
        meta = replace(named, kind="content")
        context = {"articles": articles(shop, meta.lang)}
        url, crumbs = shop.site["url"], (crumb(shop, meta.lang, "home"), crumb(shop, meta.lang, "journal"))
        listed = [(each["title"], each["path"]) for each in context["articles"]]
        things = (breadcrumbs(url, crumbs), item_list(url, meta.title, listed))
        yield Page("journal", file_of(meta.path), "journal.html", meta, context, things)


def content(shop: Snapshot, slug: str) -> Iterator[Output]:
    """A page of content/pages or content/legal."""
    for view, meta in _written(shop, slug, "content", dated=False):
        context = {
            "title": view.title,
            "body": Markup(view.body),  # noqa: S704 - written by us
            "tables": shop.size_tables if slug == SIZE_GUIDE else [],
            "tiers": shop.facts.wholesale if slug == WHOLESALE else (),
        }
        url = shop.site["url"]
        way = breadcrumbs(url, (crumb(shop, view.lang, "home"), (view.title, view.path)))
        asked = faq(url, view.body)
        things = (asked, way) if asked else (way,)
        yield Page(f"content:{slug}", file_of(view.path), "content.html", meta, context, things)


def article(shop: Snapshot, slug: str) -> Iterator[Output]:
    """An article of the journal."""
    for view, meta in _written(shop, slug, "article", dated=True):
        context = {
            "title": view.title,
            "body": Markup(view.body),  # noqa: S704 - written by us
            "date": view.date,
            "cover": view.cover,
            "articles": articles(shop, view.lang, without=slug),
        }
        crumbs = (
            crumb(shop, view.lang, "home"),
            crumb(shop, view.lang, "journal"),
            (view.title, view.path),
        )
        things = (blog_posting(shop, view, meta.image), breadcrumbs(shop.site["url"], crumbs))
        yield Page(f"article:{slug}", file_of(view.path), "article.html", meta, context, things)


def key_of(view: ContentView) -> str:
    """The group a page or article belongs to, with its translations."""
    return f"{'article' if view.date else 'content'}:{view.slug}"


def _written(shop: Snapshot, slug: str, kind: str, dated: bool) -> Iterator[tuple[ContentView, PageMeta]]:
    views = [v for v in shop.content if v.slug == slug and (v.date is not None) == dated]
    alternates = {view.lang: view.path for view in sorted(views, key=lambda v: shop.languages.index(v.lang))}
    for view in views:
        description, card = shorten(view.description), default_card(shop, view.lang)
        yield view, PageMeta(kind, view.lang, view.title, description, view.path, alternates, image=card)
