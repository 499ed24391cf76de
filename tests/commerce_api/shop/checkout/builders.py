"""What a shopper sends."""

import re
from html import unescape
from typing import Any

import httpx2

from commerce_api.foundation.settings import Settings
from commerce_api.shop.shipping import choices
from commerce_api.shop.shipping.directory import Point

LINES = "/api/v1/cart/lines"
QUOTE = "/api/v1/checkout/quote"
FORM = {
    "name": "Шевченко Оксана",
    "phone": "067 123-45-67",
    "email": "oksana@example.com",
    "city": "Харків",
    "branch": "12",
    "payment": "cod",
    "comment": "Подзвоніть <b>увечері</b>",
}


def body(expected_total: int, **changes: Any) -> dict[str, Any]:
    """A checkout by JSON, cash on delivery to a branch."""
    sent: dict[str, Any] = {
        "contact": {"name": "Шевченко Оксана", "phone": "067 123-45-67", "email": "oksana@example.com"},
        "delivery": {"city": "Харків", "branch": "Відділення 12"},
        "payment": "cod",
        "expected_total": expected_total,
    }
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


async def fill(client: httpx2.AsyncClient, wanted: dict[str, int]) -> int:
    """Put SKUs into the cart; the total it then shows."""
    total = 0
    for sku, quantity in wanted.items():
        answer = await client.post(LINES, json={"sku": sku, "quantity": quantity})
        assert answer.status_code == 200, answer.text
        total = answer.json()["total"]
    return total


async def buy(client: httpx2.AsyncClient, total: int, key: str = "key-1", **changes: Any) -> httpx2.Response:
    """Check out by JSON."""
    return await client.post("/api/v1/checkout", json=body(total, **changes), headers={"idempotency-key": key})


def tokens(point: Point, settings: Settings) -> dict[str, str]:
    """A delivery to a point that was chosen from the directory."""
    key = settings.secret_key
    return {
        "city_token": choices.city_token(point.city_ref, point.city, key),
        "branch_token": choices.branch_token(point.ref, point.city_ref, point.name, key),
    }


async def total_at(client: httpx2.AsyncClient, delivery: dict[str, Any]) -> dict[str, Any]:
    """What the cart comes to with that delivery."""
    answer = await client.post(QUOTE, json={"delivery": delivery})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, page
    return unescape(found.group(1))
