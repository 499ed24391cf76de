"""The shop itself as schema.org objects: who sells, how things come and go back."""

from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.offers import amount, delivery_price
from sitegen.seo.thing import RETURNS_ID, SCHEMA, SHOP_ID, Thing, home_ref
from sitegen.snapshot import Snapshot

COUNTRY: Final = "UA"
CURRENCY: Final = "UAH"
LOGO: Final = "icons/app-512.png"
RETURNS_PAGE: Final = "returns"
SEARCH: Final = "search"
"""The word in `features` of content/site.toml that says the shop can be searched."""


def organization(shop: Snapshot, lang: str) -> Thing:
    """The shop with its return rules, which offers refer to by `@id`."""
    url, contacts, brand = shop.site["url"], shop.site["contacts"], shop.site["brand"]
    thing: Thing = {
        "@type": "OnlineStore",
        "@id": f"{url}/{SHOP_ID}",
        "name": brand["name"],
        "description": brand[lang]["tagline"],
        "url": url + urls.home(lang),
        "email": contacts["email"],
        "telephone": contacts["phone"],
        "address": {
            "@type": "PostalAddress",
            "addressCountry": COUNTRY,
            "addressLocality": contacts[lang]["city"],
        },
        "hasMerchantReturnPolicy": return_policy(shop, lang),
    }
    if LOGO in shop.assets:
        thing["logo"] = url + shop.assets[LOGO]
    if telegram := contacts.get("telegram"):
        thing["sameAs"] = [f"https://t.me/{telegram}"]
    return thing


def return_policy(shop: Snapshot, lang: str) -> Thing:
    """When and how things may be sent back."""
    url = shop.site["url"]
    policy: Thing = {
        "@type": "MerchantReturnPolicy",
        "@id": f"{url}/{RETURNS_ID}",
        "applicableCountry": COUNTRY,
        "returnPolicyCategory": f"{SCHEMA}/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": shop.facts.return_days,
        "returnMethod": f"{SCHEMA}/ReturnByMail",
        "returnFees": f"{SCHEMA}/ReturnFeesCustomerResponsibility",
        "itemDefectReturnFees": f"{SCHEMA}/FreeReturn",
        "refundType": f"{SCHEMA}/FullRefund",
    }
    if any(view.slug == RETURNS_PAGE and view.lang == lang for view in shop.content):
        policy["merchantReturnLink"] = url + urls.content(RETURNS_PAGE, lang)
    return policy


def delivery(shop: Snapshot, price: int, page: str) -> Thing:
    """How one piece of `price` kopiyky reaches a branch of the carrier; `page` is the address that describes it."""
    return {
        "@type": "OfferShippingDetails",
        "@id": f"{page}#delivery",
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": amount(delivery_price(shop, price)),
            "currency": CURRENCY,
        },
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": COUNTRY},
        "deliveryTime": {
            "@type": "ShippingDeliveryTime",
            "transitTime": {
                "@type": "QuantitativeValue",
                "minValue": shop.facts.travel_days_from,
                "maxValue": shop.facts.travel_days_to,
                "unitCode": "DAY",
            },
        },
    }


def website(shop: Snapshot, lang: str) -> Thing:
    """The site in one language, with its search where it has one: the page that answers whether or not scripts run."""
    url, home = shop.site["url"], urls.home(lang)
    thing: Thing = {
        "@type": "WebSite",
        "@id": f"{url}{home}#site",
        "name": shop.site["brand"]["name"],
        "url": url + home,
        "inLanguage": lang,
        "publisher": home_ref(url, SHOP_ID),
    }
    if SEARCH in shop.site.get("features", ()):
        thing["potentialAction"] = {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{url}{urls.find(lang)}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        }
    return thing
