"""The feed for Prom.ua and its kin: the YML dialect (yml_catalog, shop, offers), one offer per SKU.

The marketplace knows groups and categories by whole numbers only; ours are made of their slugs, so that they stay.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from zlib import crc32

from commerce_api.foundation.kit import urls
from sitegen.feeds.xml import HEAD, Counted, plain, tag, text
from sitegen.offers import amount, material, offers, title
from sitegen.seo.shop import CURRENCY
from sitegen.seo.sitemap import last_change
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView, VariantView

FILE: Final = "feeds/prom.xml"
NUMBERS: Final = 999_999_999
"""Group numbers have at most nine digits."""
NAME: Final = 110
DESCRIPTION: Final = 3000
PICTURES: Final = 10


def prom(shop: Snapshot, lang: str) -> Iterator[str]:
    """The feed in pieces.

    Raises sitegen.feeds.xml.FeedIncomplete while it is read, when a SKU of the catalogue cannot be listed.
    """
    spoken = [product for product in shop.products.values() if lang in shop.languages_of(product)]
    count = Counted.of(FILE, sum(len(variant.skus) for product in spoken for variant in product.variants))
    groups = numbers(product.slug for product in sorted(spoken, key=lambda each: (each.added, each.slug)))
    categories = shop.categories(lang)
    shelves = numbers(category.slug for category in categories)
    # The date is that of the goods, not of the build: equal goods are an equal file.
    changed = last_change(spoken) or max((product.added for product in spoken), default=None)
    yield f'{HEAD}<yml_catalog date="{f"{changed} 00:00" if changed else ""}"><shop>\n'
    yield tag("name", shop.site["brand"]["name"]) + tag("company", shop.site["brand"]["name"])
    yield tag("url", shop.site["url"] + urls.home(lang))
    yield f'<currencies><currency id="{CURRENCY}" rate="1"/></currencies>\n<categories>\n'
    for category in categories:
        yield f'<category id="{shelves[category.slug]}">{text(category.texts[lang].name)}</category>\n'
    yield "</categories>\n<offers>\n"
    for product in spoken:
        yield from _product(shop, product, lang, groups[product.slug], shelves[product.category], count)
    yield "</offers></shop></yml_catalog>\n"
    count.close()


def numbers(slugs: Iterable[str]) -> Mapping[str, int]:
    """A number for each slug that stays while others come and go; the rare second taker of one gets the next."""
    taken: dict[int, str] = {}
    for slug in slugs:
        number = crc32(slug.encode()) % NUMBERS + 1
        while taken.setdefault(number, slug) != slug:
            number = number % NUMBERS + 1
    return {slug: number for number, slug in taken.items()}


def _product(
    shop: Snapshot, product: ProductView, lang: str, group: int, category: int, count: Counted
) -> Iterator[str]:
    words, t = product.texts[lang], shop.texts[lang]
    shared = "".join(
        (
            tag("currencyId", CURRENCY),
            tag("categoryId", str(category)),
            tag("vendor", shop.site["brand"]["name"]),
            tag("country_of_origin", t("machine.country")),
            tag("description", plain(words.description_html, DESCRIPTION)),
        )
    )
    size_name, colour_name = t("machine.size"), t("machine.colour")
    about = _params(
        {
            t("machine.material"): material(product, t),
            t("machine.gender"): t("machine.unisex"),
            t("machine.print"): t("machine.pattern"),
        }
    )
    for variant in product.variants:
        colour = variant.colour.names[lang]
        of_variant = shared + _addresses(shop, product, variant, lang) + about + _params({colour_name: colour})
        for offer in offers(product, variant, t):
            if not variant.images:
                count.refuse(offer.sku, "has no picture")
                continue
            count.add(offer.sku)
            was = tag("oldprice", amount(offer.was)) if offer.was else ""
            there = "true" if offer.available else "false"
            name = title(words.name, colour, offer.size, NAME)
            yield (
                f'<offer id="{text(offer.sku)}" available="{there}" group_id="{group}">'
                f"{tag('name', name)}{tag('price', amount(offer.price))}{was}{tag('vendorCode', offer.sku)}{of_variant}"
                f"{_params({size_name: offer.size})}</offer>\n"
            )


def _addresses(shop: Snapshot, product: ProductView, variant: VariantView, lang: str) -> str:
    url = shop.site["url"]
    pictures = [url + urls.image(image.key, urls.JPEG_WIDTH, "jpeg") for image in variant.images[:PICTURES]]
    page = url + urls.product(product.slug, lang, variant.colour.slug)
    return tag("url", page) + "".join(tag("picture", address) for address in pictures)


def _params(named: Mapping[str, str]) -> str:
    return "".join(f'<param name="{text(name)}">{text(value)}</param>' for name, value in named.items())
