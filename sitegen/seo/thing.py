"""schema.org objects and the one way they become text."""

from collections.abc import Sequence
from typing import Any, Final

import orjson

Thing = dict[str, Any]
SCHEMA: Final = "https://schema.org"
SHOP_ID: Final = "#shop"
RETURNS_ID: Final = "#returns"


def json_ld(things: Sequence[Thing]) -> str:
    """Objects as the text of one `application/ld+json` script, which no product text can break out of."""
    if not things:
        return ""
    return orjson.dumps({"@context": SCHEMA, "@graph": things}).decode().replace("<", "\\u003c")


def home_ref(url: str, fragment: str) -> Thing:
    """A mention of what the front page of `url` describes in full."""
    return {"@id": f"{url}/{fragment}"}
