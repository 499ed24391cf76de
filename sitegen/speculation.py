"""`/r.json`: which links a browser may open before they are pressed.

Only pages of the build, which are the same for everybody and change nothing when they are opened: products and lists
are prerendered, what is read is fetched. Answers of the sidecar are in no rule, so neither cart nor checkout is ever
touched by a pointer that passes over a link.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from commerce_api.foundation.kit import urls
from sitegen.page import Document, Output
from sitegen.snapshot import Snapshot

FILE: Final = "r.json"
PRERENDERED: Final = ("/product/*", "/catalog/*")
FETCHED: Final = ("/journal/*",)
WITH_QUERY: Final = "/*\\?(.+)"
LEFT_ALONE: Final = "[rel~=nofollow], [target], [download], [aria-current=page]"
"""Links of these kinds lead elsewhere than to the next page, or to this one."""


def rules(languages: tuple[str, ...]) -> dict[str, Any]:
    """The rules as the browser reads them."""
    return {"prerender": [_rule(PRERENDERED, languages)], "prefetch": [_rule(FETCHED, languages)]}


def _rule(paths: tuple[str, ...], languages: tuple[str, ...]) -> dict[str, Any]:
    return {
        "where": {
            "and": [
                {"href_matches": [urls.localized(path, lang) for lang in languages for path in paths]},
                {"not": {"href_matches": WITH_QUERY}},
                {"not": {"selector_matches": LEFT_ALONE}},
            ]
        },
        "eagerness": "moderate",
    }


def speculation(shop: Snapshot, _: str) -> Iterator[Output]:
    """The file that the header `Speculation-Rules` of pages names."""
    yield Document("speculation", FILE, json.dumps(rules(tuple(shop.languages)), indent=1))
