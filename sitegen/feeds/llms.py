"""`/llms.txt`: the shop in one page of Markdown, for programs that were asked about it."""

from collections.abc import Iterator
from typing import Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import format_amount
from sitegen.feeds.journal import articles_of
from sitegen.feeds.markdown import escaped
from sitegen.snapshot import Snapshot

NEWEST: Final = 100
"""Products that are named; the feeds and the sitemap name all."""


def llms(shop: Snapshot) -> str:
    """The text, in every language of the shop one after the other."""
    brand, first = shop.site["brand"], shop.languages[0]
    blocks = [f"# {brand['name']}", "\n".join(f"> {escaped(brand[lang]['tagline'])}" for lang in shop.languages)]
    for lang in shop.languages:
        blocks += _language(shop, lang)
    url, t = shop.site["url"], shop.texts[first]
    files = (
        (urls.feed("google", first), "machine.feed_google"),
        (urls.feed("prom", first), "machine.feed_prom"),
        *((urls.feed("journal", lang), "machine.feed_journal") for lang in shop.languages),
        ("/sitemap.xml", "machine.sitemap"),
    )
    blocks += [f"## {t('machine.files')}", "\n".join(f"- [{path}]({url}{path}): {t(key)}" for path, key in files)]
    return "\n\n".join(blocks) + "\n"


def _language(shop: Snapshot, lang: str) -> Iterator[str]:
    url, t, facts = shop.site["url"], shop.texts[lang], shop.facts
    yield escaped(shop.site["home"][lang]["lead"])
    free, branch = format_amount(facts.free_delivery_from), format_amount(facts.branch_price)
    yield f"- {t('machine.delivery', branch=branch, free=free)}\n- {t('machine.returns', n=facts.return_days)}"
    sections = (
        (
            t("catalog.title"),
            [(c.texts[lang].name, urls.category(c.slug, lang), c.texts[lang].lead) for c in shop.categories(lang)],
        ),
        (
            t("machine.newest"),
            [(p.texts[lang].name, urls.twin(p.slug, lang), p.texts[lang].lead) for p in shop.newest(lang, NEWEST)],
        ),
        (
            t("machine.pages"),
            [(v.title, v.path, v.summary) for v in shop.content if v.lang == lang and not v.date],
        ),
        (t("journal.title"), [(v.title, v.path, v.summary) for v in articles_of(shop, lang)]),
    )
    for title, links in sections:
        if links:
            yield f"## {title}"
            yield "\n".join(f"- [{escaped(name)}]({url}{path}): {escaped(words)}" for name, path, words in links)
