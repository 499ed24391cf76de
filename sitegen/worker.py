"""`/sw.js`: the service worker's data and the script that works with it.

What it does stands in `js/sw.js` of the theme; this says of which build it is and what to keep for the offline page.
`service_worker = false` in content/site.toml makes it take itself away from every browser that has it.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from commerce_api.foundation.kit import urls
from sitegen.page import Document, Output
from sitegen.snapshot import Snapshot

FILE: Final = "sw.js"
SCRIPT: Final = "js/sw.js"
OFFLINE: Final = "/offline.html"
NEEDED: Final = ("css/message.css", "js/message.js", "icons/favicon.svg")
FONTS: Final = "fonts/"
PERSONAL: Final = (
    "cart", "checkout", "order", "find", "restock", "account", "auth", "dropship", "wholesale/order", "proposals",
    "api", "live", "webhooks", "beacon", "healthz", "readyz", "metrics", "admin",
)  # fmt: skip
"""First segments of what the worker never touches: answers for one person, prices, stock and staff pages."""
UNTOUCHED: Final = f"^(?:/[a-z]{{2}})?/(?:{'|'.join(PERSONAL)})(?:/|$)"
"""The same as a pattern of paths."""


def is_on(shop: Snapshot) -> bool:
    """Whether browsers are given the worker."""
    return SCRIPT in shop.assets and bool(shop.site.get("service_worker", True))


def worker(shop: Snapshot, _: str) -> Iterator[Output]:
    """The script at the site's root: other bytes whenever the offline page is another one."""
    if SCRIPT in shop.assets:
        said = json.dumps(_build(shop), ensure_ascii=False, separators=(",", ":"))
        yield Document("worker", FILE, f'self.BUILD={said};importScripts("{shop.assets[SCRIPT]}");\n')


def _build(shop: Snapshot) -> dict[str, Any]:
    if not is_on(shop):
        return {"off": True}
    files = [address for name, address in shop.assets.items() if name in NEEDED or name.startswith(FONTS)]
    pages = {lang: urls.localized(OFFLINE, lang) for lang in shop.languages}
    words = {lang: shop.texts[lang].entries for lang in shop.languages}
    # The page shows the shop's name, menu, contacts and categories, so any of them makes a new one.
    shown = [shop.site, words, files, [view.slug for view in shop.category_views.values()]]
    digest = sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()
    return {"name": f"offline-{digest[:10]}", "pages": pages, "files": files, "untouched": UNTOUCHED}
