"""robots.txt: where robots may look, and where the list of pages is."""

from collections.abc import Iterable
from typing import Final

from commerce_api.foundation.kit import urls

PRIVATE: Final = (
    "/cart/",
    "/checkout/",
    "/order/",
    "/account/",
    "/auth/",
    "/dropship/",
    "/wholesale/order/",
    "/proposals/",
    "/find/",
    "/restock/",
)
"""Pages of one person or of one question, in every language."""
CLOSED: Final = ("/admin/", "/api/", "/live/", "/webhooks/", "/beacon")
"""Addresses that answer programs and staff; they have no language."""
OPEN: Final = ("/api/v1/openapi.json",)


def robots(url: str, languages: Iterable[str]) -> str:
    """The text of robots.txt for a site at `url`."""
    refused = [urls.localized(path, lang) for lang in languages for path in PRIVATE]
    lines = ["User-agent: *", *(f"Allow: {path}" for path in OPEN)]
    lines += [f"Disallow: {path}" for path in (*refused, *CLOSED)]
    return "\n".join([*lines, "", f"Sitemap: {url}/sitemap.xml", ""])
