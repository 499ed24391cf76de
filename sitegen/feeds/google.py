"""The feed for Google Merchant Center: RSS 2.0 with one item per SKU.

Rules: support.google.com/merchants/answer/7052112. Prices and availability come from `sitegen.offers`, like those of
the pages. Texts that a model wrote are marked as such, which Google demands.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.feeds.xml import HEAD, Counted, plain, tag, text
from sitegen.offers import Offer, amount, colour_words, delivery_price, material, offers, page_path, title
from sitegen.seo.shop import COUNTRY, CURRENCY
from sitegen.snapshot import Snapshot
from sitegen.source import ColourView, ProductView, VariantView

FILE: Final = "feeds/google.xml"
CLOTHING: Final = "Apparel & Accessories > Clothing"
CATEGORIES: Final[Mapping[str, str]] = {
    "tee": f"{CLOTHING} > Shirts & Tops",
    "hoodie": f"{CLOTHING} > Shirts & Tops",
    "longsleeve": f"{CLOTHING} > Shirts & Tops",
}
"""Google's own taxonomy, by the kind of a product."""
TITLE: Final = 150
DESCRIPTION: Final = 5000
MORE_PICTURES: Final = 10
BY_PEOPLE: Final = "people"
MODEL_MADE: Final = "trained_algorithmic_media"


def google(shop: Snapshot, lang: str) -> Iterator[str]:
    """The feed in pieces.

    Raises sitegen.feeds.xml.FeedIncomplete while it is read, when a SKU of the catalogue cannot be listed.
    """
    url, brand = shop.site["url"], shop.site["brand"]
    spoken = [product for product in shop.products.values() if lang in shop.languages_of(product)]
    count = Counted.of(FILE, sum(len(variant.skus) for product in spoken for variant in product.variants))
    palette = {colour.slug: colour for colour in shop.colours}
    yield f'{HEAD}<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>\n'
    yield tag("title", brand["name"]) + tag("link", url + urls.home(lang)) + tag("description", brand[lang]["tagline"])
    yield "\n"
    for product in spoken:
        yield from _product(shop, product, lang, palette, count)
    yield "</channel></rss>\n"
    count.close()


def _product(
    shop: Snapshot, product: ProductView, lang: str, palette: Mapping[str, ColourView], count: Counted
) -> Iterator[str]:
    words, t = product.texts[lang], shop.texts[lang]
    kind = shop.category_views[product.category].texts[lang].name
    by_people = words.written_by == BY_PEOPLE
    shared = "".join(
        (
            _written("description", plain(words.description_html, DESCRIPTION), by_people),
            tag("g:brand", shop.site["brand"]["name"]),
            tag("g:condition", "new"),
            tag("g:google_product_category", CATEGORIES.get(product.kind, CLOTHING)),
            tag("g:product_type", f"{t('catalog.title')} > {kind}"),
            tag("g:item_group_id", product.slug),
            tag("g:gender", "unisex"),
            tag("g:age_group", "adult"),
            tag("g:material", material(product, t)),
            tag("g:pattern", t("machine.pattern")),
            tag("g:shipping_weight", f"{product.weight_g} g"),
        )
    )
    for variant in product.variants:
        colour = tag("g:color", colour_words(variant.colour, palette, lang))
        of_variant = (
            shared + colour + _addresses(shop, product, variant, lang) + _delivery(shop, variant, t("machine.carrier"))
        )
        for offer in offers(product, variant, t):
            if not variant.images:
                count.refuse(offer.sku, "has no picture")
                continue
            count.add(offer.sku)
            name = title(words.name, variant.colour.names[lang], offer.size, TITLE)
            yield f"<item>{_offer(offer)}{_written('title', name, by_people)}{of_variant}</item>\n"


def _offer(offer: Offer) -> str:
    """What is said of one SKU alone. The shop is the maker, so the maker's number is its own and there is no GTIN."""
    sku, there = text(offer.sku), "in_stock" if offer.available else "out_of_stock"
    sale = f"<g:sale_price>{amount(offer.price)} {CURRENCY}</g:sale_price>" if offer.was else ""
    return (
        f"<g:id>{sku}</g:id><g:mpn>{sku}</g:mpn><g:size>{text(offer.size)}</g:size>"
        f"<g:availability>{there}</g:availability>"
        f"<g:price>{amount(offer.was or offer.price)} {CURRENCY}</g:price>{sale}"
    )


def _written(name: str, words: str, by_people: bool) -> str:
    """A title or description, in the form that says who wrote it."""
    if by_people:
        return tag(name, words)
    inner = tag("g:digital_source_type", MODEL_MADE) + tag("g:content", words)
    return f"<g:structured_{name}>{inner}</g:structured_{name}>"


def _addresses(shop: Snapshot, product: ProductView, variant: VariantView, lang: str) -> str:
    """The page of the colour, which stays that colour's whatever colour the product shows first; and pictures."""
    url = shop.site["url"]
    pictures = [url + urls.image(image.key, urls.JPEG_WIDTH, "jpeg") for image in variant.images]
    return "".join(
        (
            tag("link", url + urls.product(product.slug, lang, variant.colour.slug)),
            tag("g:canonical_link", url + page_path(product, variant, lang)),
            *(tag("g:image_link", address) for address in pictures[:1]),
            *(tag("g:additional_image_link", address) for address in pictures[1 : MORE_PICTURES + 1]),
        )
    )


def _delivery(shop: Snapshot, variant: VariantView, carrier: str) -> str:
    price = f"{amount(delivery_price(shop, variant.price))} {CURRENCY}"
    free = f"{amount(shop.facts.free_delivery_from)} {CURRENCY}"
    return (
        f"<g:shipping><g:country>{COUNTRY}</g:country><g:service>{text(carrier)}</g:service>"
        f"<g:price>{price}</g:price></g:shipping>"
        f"<g:free_shipping_threshold><g:country>{COUNTRY}</g:country>"
        f"<g:price_threshold>{free}</g:price_threshold></g:free_shipping_threshold>"
    )
