"""Response headers by class of route: one table for the sidecar, the office, the edge and nginx.

The classes:

    shop     static pages and pages of the sidecar
    order    checkout and order pages: a form there leads to the bank, and their address is a secret
    office   staff pages and API docs: nonces instead of Trusted Types
    json     answers for programs
    file     everything static that is no page
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from commerce_api.foundation.kit.served import IMMUTABLE, REVALIDATE, RULES, cache_control
from commerce_api.foundation.web import paths

__all__ = ["IMMUTABLE", "REVALIDATE", "RouteClass", "cache_control", "raw_headers", "route_class", "security_headers"]

Headers = tuple[tuple[str, str], ...]
RawHeaders = tuple[tuple[bytes, bytes], ...]

PRIVATE: Final = "no-store"
"""Personal answers, and everything whose cache is not stated."""
LIVE: Final = "public, max-age=15, stale-while-revalidate=30"
"""Price and stock of a product: at most 15 s old (rules.md 5)."""

RETRY_AFTER: Final = 5
"""Seconds after which to come again when a process behind does not answer."""

HSTS: Final = "max-age=63072000"
"""Two years. Not for subdomains: they are the owner's to decide about."""


class RouteClass(StrEnum):
    SHOP = "shop"
    ORDER = "order"
    OFFICE = "office"
    JSON = "json"
    FILE = "file"


_STRICT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'{payment}; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types twocomms"
)
_OFFICE: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_PERMISSIONS: Final = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
_EVERYWHERE: Final[Headers] = (
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "same-origin"),
)
_DOCUMENT: Final[Headers] = (
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", _PERMISSIONS),
)

TABLE: Final[dict[RouteClass, Headers]] = {
    RouteClass.SHOP: (
        ("content-security-policy", _STRICT.replace("{payment}", "")),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        *_EVERYWHERE,
        *_DOCUMENT,
    ),
    RouteClass.ORDER: (
        ("content-security-policy", _STRICT),
        ("referrer-policy", "same-origin"),
        *_EVERYWHERE,
        *_DOCUMENT,
    ),
    RouteClass.OFFICE: (
        ("content-security-policy", _OFFICE),
        ("referrer-policy", "same-origin"),
        *_EVERYWHERE,
        *_DOCUMENT,
    ),
    RouteClass.JSON: (
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("referrer-policy", "same-origin"),
        *_EVERYWHERE,
    ),
    RouteClass.FILE: (("referrer-policy", "strict-origin-when-cross-origin"), *_EVERYWHERE),
}

STATIC_PAGE: Final[Headers] = (("speculation-rules", f'"{RULES}"'),)
"""Added to the headers of shop pages that come from the build: only those are the same for everybody."""

_ORDER_PAGES: Final = ("/checkout", "/order")
STATIC_FOLDERS: Final = ("/assets", "/images", "/data", "/feeds")
FILE_NAME: Final = re.compile(r"/[^/]+\.(?!html$)[a-z0-9]+$")


@lru_cache(maxsize=1024)
def route_class(path: str) -> RouteClass:
    """The class of a path. Paths of the sidecar keep theirs whatever they end in: `/account/x.css` is no file."""
    plain = paths.without_language(path)
    if paths.is_office(path) or paths.within(path, paths.DOCS):
        return RouteClass.OFFICE
    if paths.is_json(path):
        return RouteClass.JSON
    if any(paths.within(plain, prefix) for prefix in _ORDER_PAGES):
        return RouteClass.ORDER
    if paths.is_sidecar(path):
        return RouteClass.SHOP
    if any(path.startswith(folder + "/") for folder in STATIC_FOLDERS) or FILE_NAME.search(path):
        return RouteClass.FILE
    return RouteClass.SHOP


@lru_cache(maxsize=64)
def _fixed(kind: RouteClass, secure: bool, payment_origins: tuple[str, ...]) -> Headers:
    payment = "".join(f" {origin}" for origin in payment_origins)
    filled = tuple((name, value.replace("{payment}", payment)) for name, value in TABLE[kind])
    return (*filled, ("strict-transport-security", HSTS)) if secure else filled


def security_headers(
    kind: RouteClass, *, secure: bool, payment_origins: tuple[str, ...] = (), nonce: str = ""
) -> Headers:
    """The headers of every answer of a class.

    `secure` says that the site is on https; `payment_origins` are the pages a checkout form may lead to; `nonce` is new
    for each answer of the office.
    """
    fixed = _fixed(kind, secure, payment_origins)
    if kind is not RouteClass.OFFICE:
        return fixed
    return tuple((name, value.replace("{nonce}", nonce)) for name, value in fixed)


@lru_cache(maxsize=64)
def _fixed_raw(kind: RouteClass, secure: bool, payment_origins: tuple[str, ...]) -> RawHeaders:
    return _raw(_fixed(kind, secure, payment_origins))


def _raw(pairs: Headers) -> RawHeaders:
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)


def raw_headers(
    kind: RouteClass, *, secure: bool, payment_origins: tuple[str, ...] = (), nonce: str = ""
) -> RawHeaders:
    """`security_headers` as ASGI sends them."""
    if kind is RouteClass.OFFICE:
        return _raw(security_headers(kind, secure=secure, payment_origins=payment_origins, nonce=nonce))
    return _fixed_raw(kind, secure, payment_origins)
