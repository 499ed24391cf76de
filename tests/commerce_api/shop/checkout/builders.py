"""What a shopper sends, and how statements are counted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import httpx2
from tortoise.connection import get_connection

LINES = "/api/v1/cart/lines"
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


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, page
    return unescape(found.group(1))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches the database within the block; a batch of rows in one call is one statement."""
    seen: list[str] = []
    names = ("execute_query", "execute_query_dict", "execute_insert", "execute_many", "fetch", "change")
    connection: Any = get_connection("default")
    context = connection._in_transaction()
    engine, transaction = type(connection), type(getattr(context, "client", None) or context.connection)
    patched = []
    inside = False
    for owner in (engine, transaction):
        for name in names:
            original = getattr(owner, name)

            async def counted(self: Any, query: str, *args: Any, original: Any = original) -> Any:
                nonlocal inside
                if inside:  # one of them may be written by means of another
                    return await original(self, query, *args)
                inside = True
                try:
                    seen.append(query)
                    return await original(self, query, *args)
                finally:
                    inside = False

            patched.append((owner, name, owner.__dict__.get(name)))
            setattr(owner, name, counted)
    try:
        yield seen
    finally:
        for owner, name, own in patched:
            if own is None:
                delattr(owner, name)
            else:
                setattr(owner, name, own)
