"""The web app manifest, one a language: what the shop is called and looks like on a home screen."""

import json
from collections.abc import Mapping
from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.snapshot import Snapshot

PAPER: Final = "#f3efe6"
ICONS: Final = "icons/app-"
"""Icons of the theme that are called so are for home screens: `app-192.png`, `app-maskable-512.png`."""
MASKABLE: Final = "maskable"


def manifest_path(lang: str) -> str:
    """Where the manifest of a language is."""
    return urls.localized("/manifest.webmanifest", lang)


def manifest(shop: Snapshot, lang: str) -> str:
    """The manifest's text, with the theme's icons where it has any."""
    brand, t = shop.site["brand"], shop.texts[lang]
    icons = {name: address for name, address in shop.assets.items() if name.startswith(ICONS)}
    shortcuts = [(t("catalog.title"), urls.catalog(lang)), (t("machine.cart"), urls.cart(lang))]
    return json.dumps(
        {
            "id": urls.home(lang),
            "name": f"{brand['name']}: {brand[lang]['tagline']}",
            "short_name": brand["name"],
            "description": shop.site["home"][lang]["lead"],
            "lang": lang,
            "dir": "ltr",
            "start_url": urls.home(lang),
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "categories": ["shopping"],
            "icons": [_icon(name, address) for name, address in sorted(icons.items())],
            "shortcuts": [{"name": name, "url": path} for name, path in shortcuts],
        },
        ensure_ascii=False,
        indent=1,
    )


def _icon(name: str, address: str) -> Mapping[str, str]:
    if name.endswith(".svg"):
        return {"src": address, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    side = name.rsplit(".", 1)[0].rsplit("-", 1)[-1]
    purpose = "maskable" if MASKABLE in name else "any"
    return {"src": address, "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
