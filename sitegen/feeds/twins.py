"""A product as one Markdown file a language, for programs that read words better than pages."""

from collections.abc import Iterator

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.theming import Texts
from sitegen.feeds.markdown import escaped, markdown
from sitegen.offers import material, offers, page_path
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView, VariantView


def twin(shop: Snapshot, product: ProductView, lang: str) -> str:
    """What the product's pages say: prices, sizes, cloth, care, description, story, questions."""
    url, words, t = shop.site["url"], product.texts[lang], shop.texts[lang]
    parts = [
        f"# {escaped(words.name)}",
        f"> {escaped(words.lead)}",
        f"<{url}{urls.product(product.slug, lang)}>",
        f"## {t('machine.offers')}",
        *(_variant(shop, product, variant, lang) for variant in product.variants),
        f"## {t('machine.about')}",
        markdown(words.description_html, url),
        f"## {t('machine.facts')}",
        "\n".join(_facts(shop, product, lang)),
        f"## {t('machine.sizes')}",
        _size_table(product, t),
    ]
    if words.story_html:
        parts += [f"## {t('machine.story')}", markdown(words.story_html, url)]
    if words.faq:
        parts.append(f"## {t('story.faq')}")
        parts += [f"### {escaped(question)}\n\n{escaped(answer)}" for question, answer in words.faq]
    return "\n\n".join(parts) + "\n"


def _variant(shop: Snapshot, product: ProductView, variant: VariantView, lang: str) -> str:
    url, t = shop.site["url"], shop.texts[lang]
    price = format_amount(variant.price)
    if variant.old_price:
        price = t("machine.reduced", price=price, was=format_amount(variant.old_price))
    shelf = list(offers(product, variant, t))
    there = ", ".join(offer.size for offer in shelf if offer.available) or t("machine.none")
    lines = [
        f"- [{escaped(variant.colour.names[lang])}]({url}{page_path(product, variant, lang)}): {price}",
        f"  - {t('machine.available')}: {there}",
    ]
    if gone := ", ".join(offer.size for offer in shelf if not offer.available):
        lines.append(f"  - {t('machine.sold_out')}: {gone}")
    lines.append(f"  - {t('machine.codes')}: {', '.join(f'`{offer.sku}`' for offer in shelf)}")
    return "\n".join(lines)


def _facts(shop: Snapshot, product: ProductView, lang: str) -> Iterator[str]:
    t, facts = shop.texts[lang], shop.facts
    yield f"- {t('machine.material')}: {material(product, t)}"
    yield f"- {t('machine.weight')}: {t('machine.grams', n=product.weight_g)}"
    yield f"- {t('machine.care')}: {', '.join(t(f'care.{code}') for code in product.care)}"
    free, branch = format_amount(facts.free_delivery_from), format_amount(facts.branch_price)
    yield f"- {t('machine.delivery', branch=branch, free=free)}"
    yield f"- {t('machine.returns', n=facts.return_days)}"


def _size_table(product: ProductView, t: Texts) -> str:
    sleeved = any(row.sleeve for row in product.size_table)
    heads = [t("machine.size"), t("machine.length"), t("machine.width"), *([t("machine.sleeve")] if sleeved else [])]
    rows = [
        [row.size, f"{row.length:g}", f"{row.width:g}", *([f"{row.sleeve or 0:g}"] if sleeved else [])]
        for row in product.size_table
    ]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
