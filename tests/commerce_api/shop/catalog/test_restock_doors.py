"""The wish to hear of a size: as JSON, as a form without scripts, and in the staff office's list."""

import re
from html import unescape
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from commerce_api.foundation.events import RestockArrived
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.application import make_application
from commerce_api.office.notifications.channels import Rows
from commerce_api.office.notifications.handlers import on_restock_arrived
from commerce_api.shop.catalog import restock_api, restock_pages
from commerce_api.shop.catalog.models import RestockRequest, Sku
from tests.commerce_api.shop.cart.builders import put_on_shelf, shop_front, shopper

pytestmark = pytest.mark.anyio

API = "/api/v1/restock"
BACK = "/product/kolos-tee/coal/"


def front(settings: Settings) -> Starlette:
    """The doors of the wish alone, with the assets that pages link."""
    shop_front(settings)
    return make_application(settings, operations=restock_api.OPERATIONS, pages=restock_pages.PAGES)


async def sold_out() -> str:
    codes = await put_on_shelf(stock={"S": 0})
    return codes["S"]


async def test_new_and_known_wishes_get_the_same_answer(database: Settings) -> None:
    sku = await sold_out()
    async with shopper(front(database), database) as client:
        wish = {"sku": sku, "email": " Olena@Example.com ", "lang": "en"}
        answers = [await client.post(API, json=wish) for _ in range(2)]
        phone = await client.post(API, json={"sku": sku, "phone": "067 123-45-67", "lang": "fr"})

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert phone.status_code == 204
    kept = await RestockRequest.all().order_by("id").values_list("contact", "lang")
    assert kept == [("olena@example.com", "en"), ("+380671234567", "uk")]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "contact"),
        ({"email": "a@example.com", "phone": "0671234567"}, 422, "contact"),
        ({"email": "not an address"}, 422, "email"),
        ({"phone": "123"}, 422, "phone"),
        ({"email": "a@example.com", "lang": "<b>"}, 422, "lang"),
        ({"email": "a@example.com", "sku": "TC-NEVER-M"}, 409, ""),
    ],
)
async def test_a_wish_that_makes_no_sense_is_refused_and_not_kept(
    sqlite_database: Settings, body: dict[str, str], status: int, field: str
) -> None:
    sku = await sold_out()
    async with shopper(front(sqlite_database), sqlite_database) as client:
        answer = await client.post(API, json={"sku": sku, "lang": "uk", **body})

    problem: dict[str, Any] = answer.json()
    assert answer.status_code == status
    assert list(problem.get("fields", {})) == ([field] if field else [])
    assert not await RestockRequest.exists()


async def post_form(client: httpx2.AsyncClient, sku: str, contact: str, path: str = "/restock/") -> httpx2.Response:
    return await client.post(path, data={"sku": sku, "contact": contact, "next": BACK})


async def test_without_scripts_a_page_says_once_that_it_was_noted_and_leads_back(database: Settings) -> None:
    sku = await sold_out()
    async with shopper(front(database), database) as client:
        posted = await post_form(client, sku, "067 123 45 67")
        page = await client.get(posted.headers["location"])
        again = await client.get(posted.headers["location"])

    noted = texts("uk")("restock.noted")
    assert posted.status_code == 303
    assert noted in unescape(page.text)
    assert noted not in unescape(again.text)
    assert f'href="{BACK}"' in page.text
    assert [wish.contact for wish in await RestockRequest.all()] == ["+380671234567"]


async def test_without_scripts_what_is_wrong_is_said_in_words(sqlite_database: Settings) -> None:
    sku = await sold_out()
    async with shopper(front(sqlite_database), sqlite_database) as client:
        wrong = await post_form(client, sku, "olena at example")
        await Sku.filter(code=sku).update(stock=3)
        there = await post_form(client, sku, "olena@example.com", "/en/restock/")

    assert (wrong.status_code, there.status_code) == (422, 409)
    assert texts("uk")("errors.restock_contact") in unescape(wrong.text)
    assert texts("en")("errors.in_stock") in unescape(there.text)
    assert f'href="{BACK}"' in wrong.text


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example"])
async def test_the_way_back_leads_only_to_our_own_pages(sqlite_database: Settings, evil: str) -> None:
    async with shopper(front(sqlite_database), sqlite_database) as client:
        page = await client.get("/restock/", params={"next": evil})
    assert page.status_code == 200
    # The links to other languages carry the question along, as words of an address of ours.
    assert not re.search(r"""(?:href|action|src)=["'](?:\w+:)?//evil""", page.text)


class Pinboard:
    """A channel that remembers."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def tell(self, text: str, rows: Rows = ()) -> None:
        self.texts.append(text)


async def test_each_wish_is_told_once_however_often_the_event_comes(database: Settings) -> None:
    # given two people who wait for a size that is back
    sku = await sold_out()
    async with shopper(front(database), database) as client:
        await client.post(API, json={"sku": sku, "email": "olena@example.com", "lang": "uk"})
        await client.post(API, json={"sku": sku, "phone": "067 123 45 67", "lang": "en"})
    await Sku.filter(code=sku).update(stock=5)
    board = Pinboard()

    # when the event arrives twice
    for _ in range(2):
        await on_restock_arrived(board)(RestockArrived(sku=sku, product="kolos-tee"))

    # then each is told of once, and nobody's contact stands in the notice in full
    assert len(board.texts) == 2
    assert all(sku in text for text in board.texts)
    assert "olena@example.com" not in " ".join(board.texts)
    assert "1234567" not in " ".join(board.texts).replace("\u00a0", "")
    assert await RestockRequest.filter(notified_at=None).count() == 0
