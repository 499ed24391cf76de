"""The cart against a model of itself: whatever is pressed in whatever order, the document is what a person expects."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commerce_api.foundation.db import setup
from commerce_api.shop.catalog.models import Sku
from tests import services
from tests.commerce_api.shop.cart.builders import put_on_shelf, reprice, shop_front, shopper, take_off_shelf

LINES = "/api/v1/cart/lines"
SLUGS = ("kolos-tee", "maky-tee")
SIZES = ("M", "L")


class CartMachine(RuleBasedStateMachine):
    """Two products in two sizes, one shopper, and an office that changes prices, stock and what is sold."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.lines: dict[str, int] = {}
        self.price = dict.fromkeys(SLUGS, 89_000)
        self.gone: set[str] = set()
        self.left: dict[str, int | None] = {}
        self.client: httpx2.AsyncClient | None = None
        self.document: dict[str, Any] = {"lines": []}

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize()
    def open_the_shop(self) -> None:
        settings = services.make_settings(Path(self.folder.name))
        self.run(services.copy_sqlite(settings))
        self.run(setup.connect(settings))
        for slug in SLUGS:
            codes = self.run(put_on_shelf(slug, stock={"M": None, "L": 20}))
            self.left |= {codes["M"]: None, codes["L"]: 20}
        self.front = shopper(shop_front(settings), settings)
        self.client = self.run(self.front.__aenter__())

    def teardown(self) -> None:
        if self.client:
            self.run(self.front.__aexit__(None, None, None))
        self.run(setup.close())
        self.loop.close()
        self.folder.cleanup()

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx2.Response:
        assert self.client
        answer: httpx2.Response = self.run(self.client.request(method, path, json=body))
        if answer.status_code == 200:
            self.document = answer.json()
        return answer

    def slug(self, sku: str) -> str:
        return next(slug for slug in SLUGS if slug.upper() in sku)

    def id_of(self, sku: str) -> int:
        read = self.send("GET", "/api/v1/cart").json()
        return next(int(line["id"]) for line in read["lines"] if line["sku"] == sku)

    @rule(slug=st.sampled_from(SLUGS), size=st.sampled_from(SIZES), quantity=st.integers(1, 50))
    def add(self, slug: str, size: str, quantity: int) -> None:
        sku = f"TC-{slug.upper()}-COAL-{size}"
        answer = self.send("POST", LINES, {"sku": sku, "quantity": quantity})
        if slug in self.gone:
            assert answer.json()["code"] == "product_gone"
        elif self.left[sku] == 0:
            assert answer.json()["code"] == "out_of_stock"
        elif self.lines.get(sku, 0) + quantity > 50:
            assert answer.json()["code"] == "quantity_limit"
        else:
            assert answer.status_code == 200
            self.lines[sku] = self.lines.get(sku, 0) + quantity

    @precondition(lambda self: self.lines)
    @rule(data=st.data(), quantity=st.integers(1, 50))
    def change(self, data: st.DataObject, quantity: int) -> None:
        sku = data.draw(st.sampled_from(sorted(self.lines)))
        assert self.send("PATCH", f"{LINES}/{self.id_of(sku)}", {"quantity": quantity}).status_code == 200
        self.lines[sku] = quantity

    @precondition(lambda self: self.lines)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        sku = data.draw(st.sampled_from(sorted(self.lines)))
        line = self.id_of(sku)
        assert self.send("DELETE", f"{LINES}/{line}").status_code == 200
        assert self.send("DELETE", f"{LINES}/{line}").status_code == 404
        del self.lines[sku]

    @rule(quantity=st.sampled_from([0, -1, 51, 10**9]))
    def ask_for_nonsense(self, quantity: int) -> None:
        assert self.send("POST", LINES, {"sku": "TC-KOLOS-TEE-COAL-M", "quantity": quantity}).status_code == 422

    @rule(slug=st.sampled_from(SLUGS), hryvnias=st.integers(1, 3_000))
    def office_changes_a_price(self, slug: str, hryvnias: int) -> None:
        self.run(reprice(slug, hryvnias * 100))
        self.price[slug] = hryvnias * 100

    @rule(slug=st.sampled_from(SLUGS), left=st.integers(0, 60))
    def office_counts_stock(self, slug: str, left: int) -> None:
        sku = f"TC-{slug.upper()}-COAL-L"
        self.run(Sku.filter(code=sku).update(stock=left))
        self.left[sku] = left

    @precondition(lambda self: not self.gone)
    @rule()
    def office_archives_a_product(self) -> None:
        self.run(take_off_shelf("maky-tee"))
        self.gone.add("maky-tee")

    @invariant()
    def the_document_is_what_a_person_expects(self) -> None:
        if not self.client:
            return
        document = self.send("GET", "/api/v1/cart").json()
        assert {line["sku"]: line["quantity"] for line in document["lines"]} == self.lines
        sold = {sku: quantity for sku, quantity in self.lines.items() if self.slug(sku) not in self.gone}
        goods = sum(self.price[self.slug(sku)] * quantity for sku, quantity in sold.items())
        shipping = 0 if goods == 0 or goods >= 250_000 else 8_000
        assert (document["goods"], document["shipping"]) == (goods, shipping)
        assert document["total"] == document["goods"] - document["discount"] + document["shipping"]
        assert document["free_shipping_left"] == max(0, 250_000 - goods)
        blocked = {notice["sku"] for notice in document["notices"] if notice["code"] != "price_changed"}
        assert blocked == {
            sku
            for sku, quantity in self.lines.items()
            if self.slug(sku) in self.gone or (self.left[sku] is not None and (self.left[sku] or 0) < quantity)
        }


def test_the_cart_holds_against_its_model() -> None:
    run_state_machine_as_test(
        CartMachine, settings=hypothesis_settings(max_examples=25, stateful_step_count=20, deadline=None)
    )


@pytest.mark.anyio
async def test_reads_after_writes_agree_for_every_reader(sqlite_database: Any) -> None:
    codes = await put_on_shelf()
    async with shopper(shop_front(sqlite_database), sqlite_database) as client:
        written = (await client.post(LINES, json={"sku": codes["M"], "quantity": 3})).json()
        read = (await client.get("/api/v1/cart")).json()
        quoted = (await client.post("/api/v1/checkout/quote", json={})).json()
        page = (await client.get("/cart/")).text
        badge = client.cookies["n"]

    assert written == read
    assert (quoted["payable"], quoted["goods"]) == (read["total"], read["goods"])
    assert badge == "3"
    assert f"{read['total'] // 100:,}".replace(",", "\u00a0") in page
