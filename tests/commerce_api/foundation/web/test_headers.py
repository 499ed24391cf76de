"""One table of response headers: what each class of routes gets, word by word."""

import pytest

from commerce_api.foundation.web.headers import RouteClass, cache_control, route_class, security_headers

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types twocomms"
)
PERMISSIONS = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)

SNAPSHOT: dict[RouteClass, dict[str, str]] = {
    RouteClass.SHOP: {
        "content-security-policy": STRICT,
        "referrer-policy": "strict-origin-when-cross-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": PERMISSIONS,
    },
    RouteClass.ORDER: {
        "content-security-policy": STRICT.replace("form-action 'self'", "form-action 'self' https://pay.example"),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": PERMISSIONS,
    },
    RouteClass.OFFICE: {
        "content-security-policy": (
            "default-src 'none'; script-src 'self' 'nonce-N0'; style-src 'self' 'nonce-N0'; "
            "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": PERMISSIONS,
    },
    RouteClass.JSON: {
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    },
    RouteClass.FILE: {
        "referrer-policy": "strict-origin-when-cross-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    },
}


@pytest.mark.parametrize("kind", list(RouteClass))
def test_each_class_of_routes_gets_the_headers_of_the_snapshot(kind: RouteClass) -> None:
    found = security_headers(kind, secure=False, payment_origins=("https://pay.example",), nonce="N0")

    assert dict(found) == SNAPSHOT[kind]


@pytest.mark.parametrize("kind", list(RouteClass))
def test_only_a_site_on_https_promises_https(kind: RouteClass) -> None:
    secure = dict(security_headers(kind, secure=True))

    assert secure["strict-transport-security"] == "max-age=63072000"
    assert "strict-transport-security" not in dict(security_headers(kind, secure=False))


def test_no_policy_of_shop_pages_allows_inline_code() -> None:
    for kind in (RouteClass.SHOP, RouteClass.ORDER, RouteClass.JSON):
        assert "unsafe" not in dict(security_headers(kind, secure=True))["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", RouteClass.SHOP),
        ("/en/", RouteClass.SHOP),
        ("/product/sova-tee/", RouteClass.SHOP),
        ("/404.html", RouteClass.SHOP),
        ("/cart/", RouteClass.SHOP),
        ("/cartoon/", RouteClass.SHOP),
        ("/account/x.css", RouteClass.SHOP),
        ("/checkout/", RouteClass.ORDER),
        ("/en/checkout/", RouteClass.ORDER),
        ("/order/abc/", RouteClass.ORDER),
        ("/admin/", RouteClass.OFFICE),
        ("/admin/order/list", RouteClass.OFFICE),
        ("/administrator/", RouteClass.SHOP),
        ("/api/docs", RouteClass.OFFICE),
        ("/api/v1/cart", RouteClass.JSON),
        ("/live/sova-tee.json", RouteClass.JSON),
        ("/healthz", RouteClass.JSON),
        ("/assets/home.0123abcd.css", RouteClass.FILE),
        ("/images/abc-600.avif", RouteClass.FILE),
        ("/robots.txt", RouteClass.FILE),
        ("/feeds/google.xml", RouteClass.FILE),
        ("/manifest.webmanifest", RouteClass.FILE),
    ],
)
def test_a_path_belongs_to_one_class(path: str, kind: RouteClass) -> None:
    assert route_class(path) is kind


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/assets/home.0123abcd.css", "public, max-age=31536000, immutable"),
        ("/images/abc-600.avif", "public, max-age=31536000, immutable"),
        ("/data/search-uk-0123abcd.json", "public, max-age=31536000, immutable"),
        ("/", "public, max-age=300, stale-while-revalidate=86400"),
        ("/en/product/sova-tee/", "public, max-age=300, stale-while-revalidate=86400"),
        ("/404.html", "public, max-age=300, stale-while-revalidate=86400"),
        ("/sitemap.xml", "public, max-age=900"),
        ("/feeds/prom.xml", "public, max-age=900"),
        ("/sw.js", "public, no-cache"),
        ("/favicon.ico", "public, max-age=86400"),
    ],
)
def test_how_long_a_file_is_kept_follows_from_its_name(path: str, kept: str) -> None:
    assert cache_control(path) == kept
