"""Which writes come from our own pages."""

import pytest
from starlette.datastructures import Headers

from commerce_api.foundation.web.csrf import comes_from_us, needs_proof

OWN = frozenset({"https://shop.test"})


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://shop.test"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "https://shop.test"}, True),
        ({"authorization": "Bearer abc"}, True),
        ({}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://shop.test"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.test"}, False),
        ({"sec-fetch-site": "none", "origin": "null"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://shop.test"}, False),
        ({"origin": "https://shop.test.evil.test"}, False),
        ({"origin": "https://shop.test:444"}, False),
        ({"origin": "https://evil.test", "authorization": "Bearer abc"}, False),
        ({"authorization": "Basic abc"}, False),
        ({"referer": "https://shop.test/cart/"}, False),
    ],
)
def test_a_write_is_ours_only_by_the_word_of_the_browser_or_a_token(headers: dict[str, str], ours: bool) -> None:
    assert comes_from_us(Headers(headers), OWN) is ours


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/cart/", False),
        ("HEAD", "/cart/", False),
        ("POST", "/cart/add", True),
        ("DELETE", "/api/v1/cart/lines/1", True),
        ("PURGE", "/", True),
        ("POST", "/webhooks/monobank", False),
        ("POST", "/webhooksx", True),
        ("POST", "/beacon", True),
    ],
)
def test_only_reading_and_signed_webhooks_go_without_proof(method: str, path: str, needed: bool) -> None:
    assert needs_proof(method, path) is needed
