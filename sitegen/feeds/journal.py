"""The journal as an RSS feed, one a language, articles in full."""

import re
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.content import ContentView
from sitegen.feeds.xml import HEAD, tag, text
from sitegen.snapshot import Snapshot

NEWEST: Final = 30
NAMESPACES: Final = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
OWN_ADDRESS: Final = re.compile(r'(?P<name>\b(?:href|src))="/(?!/)')


def articles_of(shop: Snapshot, lang: str) -> list[ContentView]:
    """The newest articles of a language, newest first."""
    dated = [view for view in shop.content if view.date and view.lang == lang]
    return sorted(dated, key=lambda view: (str(view.date), view.slug), reverse=True)[:NEWEST]


def journal(shop: Snapshot, lang: str) -> str:
    """The text of the feed."""
    url, brand, t = shop.site["url"], shop.site["brand"], shop.texts[lang]
    head = "".join(
        (
            tag("title", f"{brand['name']}: {t('journal.title')}"),
            tag("link", url + urls.journal(lang)),
            tag("description", t("journal.lead")),
            tag("language", lang),
            f'<atom:link rel="self" type="application/rss+xml" href="{text(url + urls.feed("journal", lang))}"/>',
        )
    )
    items = "".join(_item(url, brand["name"], view) for view in articles_of(shop, lang))
    return f'{HEAD}<rss version="2.0" {NAMESPACES}><channel>\n{head}\n{items}</channel></rss>\n'


def _item(url: str, author: str, view: ContentView) -> str:
    address = url + view.path
    body = OWN_ADDRESS.sub(rf'\g<name>="{url}/', view.body)
    published = tag("pubDate", _rfc(view.date)) if view.date else ""
    return (
        f'<item><guid isPermaLink="true">{text(address)}</guid>{tag("title", view.title)}{tag("link", address)}'
        f"{published}{tag('dc:creator', author)}{tag('description', view.summary)}"
        f"{tag('content:encoded', body)}</item>\n"
    )


def _rfc(day: date) -> str:
    """A day as mail and RSS write it: its noon, which is the same day in Kyiv."""
    return format_datetime(datetime.combine(day, time(12), UTC))
