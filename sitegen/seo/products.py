"""A product page as schema.org objects, by Google's model of one page per colour.

The page describes each SKU of its colour in full and names the other colours by address only.
"""

from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.offers import Offer, amount, material, offers, page_path
from sitegen.seo.shop import CURRENCY, delivery
from sitegen.seo.thing import RETURNS_ID, SCHEMA, SHOP_ID, Thing, home_ref
from sitegen.snapshot import Snapshot
from sitegen.source import ImageView, ProductView, VariantView

VARIES_BY: Final = [f"{SCHEMA}/color", f"{SCHEMA}/size"]
DRAWN: Final = f"{SCHEMA}/DigitalArtDigitalSource"
"""IPTC's digital source type of pictures that are drawn, as the pages say under each of them."""


def product_things(shop: Snapshot, product: ProductView, shown: VariantView, lang: str) -> tuple[Thing, ...]:
    """The group with its variants, and how a piece is delivered, which their offers refer to."""
    page = shop.site["url"] + page_path(product, shown, lang)
    return product_group(shop, product, shown, lang), delivery(shop, shown.price, page)


def product_group(shop: Snapshot, product: ProductView, shown: VariantView, lang: str) -> Thing:
    """A product: every SKU of the colour shown in full, the other colours by address only."""
    url, text, t = shop.site["url"], product.texts[lang], shop.texts[lang]
    own, colour = url + urls.product(product.slug, lang), shown.colour.names[lang]
    # What all variants share stands on the group once: a page says it for ten SKUs.
    shared: Thing = {
        "@type": "Product",
        "color": colour,
        "image": [url + urls.image(image.key, urls.JPEG_WIDTH, "jpeg") for image in shown.images],
    }
    terms = _terms(shop, product, shown, lang)
    variants: list[Thing] = [
        {
            **shared,
            "sku": offer.sku,
            "mpn": offer.sku,
            "name": f"{text.name}, {colour}, {offer.size}",
            "size": offer.size,
            "offers": {**terms, **_shelf(offer)},
        }
        for offer in offers(product, shown, t)
    ]
    others: list[Thing] = [
        {"@type": "Product", "url": url + page_path(product, variant, lang)}
        for variant in product.variants
        if variant is not shown
    ]
    return {
        "@type": "ProductGroup",
        "@id": f"{own}#group",
        "productGroupID": product.slug,
        "name": text.name,
        "description": text.lead,
        "brand": {"@type": "Brand", "name": shop.site["brand"]["name"]},
        "material": material(product, t),
        "pattern": t("machine.pattern"),
        "audience": {"@type": "PeopleAudience", "suggestedGender": "unisex"},
        "image": [picture(url, image, lang) for image in shown.images],
        "variesBy": VARIES_BY,
        "hasVariant": variants + others,
    }


def picture(url: str, image: ImageView, lang: str) -> Thing:
    """A drawn picture, in the form that every program can read."""
    address = url + urls.image(image.key, urls.JPEG_WIDTH, "jpeg")
    return {
        "@type": "ImageObject",
        "contentUrl": address,
        "url": address,
        "width": urls.JPEG_WIDTH,
        "height": round(image.height * urls.JPEG_WIDTH / image.width),
        "caption": image.alt.get(lang, ""),
        "digitalSourceType": DRAWN,
    }


def _terms(shop: Snapshot, product: ProductView, shown: VariantView, lang: str) -> Thing:
    """What all offers of a page have in common."""
    url = shop.site["url"]
    page = url + page_path(product, shown, lang)
    terms: Thing = {
        "@type": "Offer",
        "url": page,
        "priceCurrency": CURRENCY,
        "itemCondition": f"{SCHEMA}/NewCondition",
        "seller": home_ref(url, SHOP_ID),
        "shippingDetails": {"@id": f"{page}#delivery"},
        "hasMerchantReturnPolicy": home_ref(url, RETURNS_ID),
    }
    if until := shop.site.get("offers", {}).get("prices_until"):
        terms["priceValidUntil"] = until.isoformat()
    return terms


def _shelf(offer: Offer) -> Thing:
    """Price and availability of one SKU."""
    state = "InStock" if offer.available else "OutOfStock"
    shelf: Thing = {"price": amount(offer.price), "availability": f"{SCHEMA}/{state}"}
    if offer.was:
        shelf["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "priceType": f"{SCHEMA}/StrikethroughPrice",
            "price": amount(offer.was),
            "priceCurrency": CURRENCY,
        }
    return shelf
