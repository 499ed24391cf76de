"""Writes come from our own pages. Static pages carry no token; the browser itself says where a request comes from."""

from collections.abc import Set
from typing import Final

from starlette.datastructures import Headers

from commerce_api.foundation.web import paths

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
EXEMPT: Final = ("/webhooks",)
"""Answered for servers of other companies, which sign what they send."""


def needs_proof(method: str, path: str) -> bool:
    """Whether a request may change something in a visitor's name."""
    return method not in SAFE_METHODS and not any(paths.within(path, prefix) for prefix in EXEMPT)


def comes_from_us(headers: Headers, own_origins: Set[str]) -> bool:
    """Whether a write was sent by a page of ours, by a person's own hand, or by a program with a bearer token.

    A browser sets Sec-Fetch-Site and Origin itself, no page can forge them. A bearer token is never sent by itself, so
    it is proof enough.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site not in {None, "same-origin", "none"}:
        return False
    if origin is not None and origin != "null":
        return origin in own_origins
    if site is not None:
        # Our own pages may send "null" for privacy; then only the word of the browser counts.
        return site == "same-origin" or origin is None
    return headers.get("authorization", "").lower().startswith("bearer ")
