"""What machines read: schema.org objects, the sitemap, robots.txt and the web app manifest."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

import orjson

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import KOPIYKY
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView, SkuView, VariantView

Thing = dict[str, Any]
SCHEMA: Final = "https://schema.org"
COUNTRY: Final = "UA"
PRIVATE: Final = ("/cart/", "/checkout/", "/order/", "/account/", "/admin/", "/find/", "/api/")
"""Paths that robots are asked to leave alone, in every language."""


def json_ld(things: Sequence[Thing]) -> str:
    """Objects as the text of one `application/ld+json` script, which no product text can break out of."""
    if not things:
        return ""
    return orjson.dumps({"@context": SCHEMA, "@graph": things}).decode().replace("<", "\\u003c")


def breadcrumbs(url: str, steps: Sequence[tuple[str, str]]) -> Thing:
    """The way to a page as (name, path) steps from the home page; `url` is the site's address."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url + path}
            for place, (name, path) in enumerate(steps, 1)
        ],
    }


def organization(shop: Snapshot, lang: str) -> Thing:
    """The shop with its return and delivery rules, which offers refer to by `@id`."""
    url, contacts, facts = shop.site["url"], shop.site["contacts"], shop.facts
    return {
        "@type": "OnlineStore",
        "@id": f"{url}/#shop",
        "name": shop.site["brand"]["name"],
        "url": url + urls.home(lang),
        "email": contacts["email"],
        "telephone": contacts["phone"],
        "address": {
            "@type": "PostalAddress",
            "addressCountry": COUNTRY,
            "addressLocality": contacts[lang]["city"],
        },
        "hasMerchantReturnPolicy": {
            "@type": "MerchantReturnPolicy",
            "@id": f"{url}/#returns",
            "applicableCountry": COUNTRY,
            "returnPolicyCategory": f"{SCHEMA}/MerchantReturnFiniteReturnWindow",
            "merchantReturnDays": facts.return_days,
            "returnMethod": f"{SCHEMA}/ReturnByMail",
            "returnFees": f"{SCHEMA}/ReturnFeesCustomerResponsibility",
        },
    }


def website(shop: Snapshot, lang: str) -> Thing:
    """The site in one language."""
    url = shop.site["url"]
    return {
        "@type": "WebSite",
        "name": shop.site["brand"]["name"],
        "url": url + urls.home(lang),
        "inLanguage": lang,
        "publisher": {"@id": f"{url}/#shop"},
    }


def amount(kopiyky: int) -> str:
    """`890.00`: an amount as schema.org writes it."""
    return f"{kopiyky // KOPIYKY}.{kopiyky % KOPIYKY:02d}"


def product_group(shop: Snapshot, product: ProductView, shown: VariantView, lang: str) -> Thing:
    """A product page: every SKU of the colour shown in full, the other colours by address only."""
    url, text = shop.site["url"], product.texts[lang]
    own = url + urls.product(product.slug, lang)
    offers = _offer_parts(shop, product, shown, lang)
    material = ", ".join(f"{share}% {name}" for name, share in product.material)
    variants: list[Thing] = [
        {
            "@type": "Product",
            "sku": sku.code,
            "name": f"{text.name}, {shown.colour.names[lang]}, {sku.size}",
            "description": text.lead,
            "color": shown.colour.names[lang],
            "size": sku.size,
            "material": material,
            "image": [url + urls.image(i.key, urls.JPEG_WIDTH, "jpeg") for i in shown.images],
            "offers": _offer(offers, sku),
        }
        for sku in shown.skus
    ]
    others: list[Thing] = [
        {"@type": "Product", "url": url + urls.product(product.slug, lang, variant.colour.slug)}
        for variant in product.variants
        if variant is not shown
    ]
    return {
        "@type": "ProductGroup",
        "@id": f"{own}#group",
        "productGroupID": product.slug,
        "name": text.name,
        "description": text.lead,
        "url": own,
        "brand": {"@type": "Brand", "name": shop.site["brand"]["name"]},
        "variesBy": [f"{SCHEMA}/color", f"{SCHEMA}/size"],
        "hasVariant": variants + others,
    }


def _offer_parts(shop: Snapshot, product: ProductView, shown: VariantView, lang: str) -> Thing:
    url = shop.site["url"]
    parts: Thing = {
        "@type": "Offer",
        "url": url + urls.product(product.slug, lang, shown.colour.slug),
        "priceCurrency": "UAH",
        "price": amount(shown.price),
        "itemCondition": f"{SCHEMA}/NewCondition",
        "seller": {"@id": f"{url}/#shop"},
        "hasMerchantReturnPolicy": {"@id": f"{url}/#returns"},
    }
    if shown.old_price:
        parts["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "priceType": f"{SCHEMA}/StrikethroughPrice",
            "price": amount(shown.old_price),
            "priceCurrency": "UAH",
        }
    return parts


def _offer(parts: Thing, sku: SkuView) -> Thing:
    state = "InStock" if sku.available else "OutOfStock"
    return {**parts, "availability": f"{SCHEMA}/{state}"}


def sitemap(url: str, pages: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """Every canonical page with the addresses of its languages; `pages` are (path, alternates)."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for path, alternates in pages:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(url + other)}"/>'
            for lang, other in alternates.items()
        )
        lines.append(f"<url><loc>{escape(url + path)}</loc>{links}</url>")
    lines.append("</urlset>\n")
    return "\n".join(lines)


def robots(url: str, languages: Iterable[str]) -> str:
    """robots.txt: everything but the pages of one person's order."""
    refused = [f"Disallow: {urls.localized(p, lang)}" for lang in languages for p in PRIVATE]
    return "\n".join(["User-agent: *", *refused, "", f"Sitemap: {url}/sitemap.xml", ""])


def manifest(shop: Snapshot, icons: Mapping[str, str]) -> str:
    """The web app manifest; `icons` are logical names of the theme's icons and their addresses."""
    lang = shop.languages[0]
    return json.dumps(
        {
            "name": shop.site["brand"]["name"],
            "short_name": shop.site["brand"]["name"],
            "description": shop.site["brand"][lang]["tagline"],
            "lang": lang,
            "start_url": "/",
            "display": "standalone",
            "background_color": "#f3efe6",
            "theme_color": "#f3efe6",
            "icons": [_icon(name, address) for name, address in sorted(icons.items())],
        },
        ensure_ascii=False,
        indent=1,
    )


def _icon(name: str, address: str) -> dict[str, str]:
    if name.endswith(".svg"):
        return {"src": address, "sizes": "any", "type": "image/svg+xml"}
    side = "".join(letter for letter in name.rsplit(".", 1)[0].rsplit("-", 1)[-1] if letter.isdigit())
    return {"src": address, "sizes": f"{side}x{side}", "type": "image/png"}
