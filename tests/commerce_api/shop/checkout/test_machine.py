"""Buying, cancelling and the deeds of staff against a model: whatever is done in whatever order, over HTTP, the answers
are those that the model foretells and the laws of the database hold."""

import asyncio
import shutil
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

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
from starlette.applications import Starlette

from commerce_api.foundation.db import setup
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import stock
from tests import services
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf, shopper
from tests.commerce_api.shop.checkout.builders import LINES, body
from tests.commerce_api.shop.customer_area.builders import whole_shop
from tests.stress import laws
from tests.stress.racers import Ask, Said, send
from tests.stress.races import Stage, stage

SIZES: Final = ("M", "L", "XL")
PIECES: Final = {"M": 4, "L": 2}
"""What there is of each size; of the last one there is no end."""
USES: Final = 2
NEXT: Final = {"new": "confirmed", "confirmed": "packed", "packed": "shipped"}
IN_THE_HOUSE: Final = frozenset({"new", "confirmed", "packed"})


@dataclass
class Known:
    """An order as the model sees it: pieces by size, and what was told when it was placed."""

    ask: Ask
    told: dict[str, Any]
    lines: Counter[str]
    promo: bool
    status: str = "new"


FOLDER: Final = TemporaryDirectory(prefix="twocomms-till-")


@lru_cache
def shop() -> tuple[Settings, Starlette]:
    """One shop for all tries; each begins with an empty database."""
    settings = services.make_settings(Path(FOLDER.name))
    return settings, whole_shop(settings)


class TillMachine(RuleBasedStateMachine):
    """One shopper, one clerk, a tee in three sizes, and a code with two uses."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.settings, self.app = shop()
        self.basket: Counter[str] = Counter()
        self.given = False
        self.orders: list[Known] = []
        self.cart = ""
        self.made: Stage | None = None

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize()
    def open_the_shop(self) -> None:
        shutil.rmtree(self.settings.var_dir, ignore_errors=True)
        self.run(services.copy_sqlite(self.settings))
        self.run(setup.connect(self.settings))
        left: dict[str, int | None] = {size: PIECES.get(size) for size in SIZES}
        self.codes = self.run(put_on_shelf(stock=left))
        self.run(transact(lambda: stock.note_opening(self.codes.values())))
        self.run(promo(max_uses=USES))
        self.front = shopper(self.app, self.settings)
        self.client = self.run(self.front.__aenter__())
        self.made = self.run(stage(self.settings, self.client))

    def teardown(self) -> None:
        if self.made:
            self.run(self.front.__aexit__(None, None, None))
        self.run(setup.close())
        self.loop.close()

    def ask(self, method: str, path: str, sent: Any = None, *, staff: bool = False) -> Said:
        assert self.made
        cookies = {"sid": self.made.staff} if staff else {"cart": self.cart} if self.cart else {}
        said: Said = self.run(send(self.client, Ask(method, path, json=sent, cookies=cookies)))
        self.cart = self.client.cookies.get("cart") or self.cart
        return said

    def taken(self, size: str) -> int:
        """Pieces that orders in the house hold and that have left it."""
        return sum(known.lines[size] for known in self.orders if known.status != "cancelled")

    def enough(self, wanted: Counter[str], own: Counter[str]) -> bool:
        return all(self.taken(size) - own[size] + wanted[size] <= PIECES[size] for size in PIECES)

    @rule(size=st.sampled_from(SIZES), quantity=st.integers(1, 3))
    def put(self, size: str, quantity: int) -> None:
        said = self.ask("POST", LINES, {"sku": self.codes[size], "quantity": quantity})
        sold_out = size in PIECES and self.taken(size) >= PIECES[size]
        assert said.status == (409 if sold_out else 200), said
        if not sold_out:
            self.basket[size] += quantity

    @precondition(lambda self: self.basket)
    @rule()
    def give_the_code(self) -> None:
        used = sum(known.promo for known in self.orders if known.status != "cancelled")
        said = self.ask("POST", "/api/v1/cart/promo", {"code": "drop10"})
        assert said.status == (422 if used >= USES else 200), said
        self.given = self.given or said.status == 200

    @precondition(lambda self: self.basket)
    @rule()
    def buy(self) -> None:
        cart = self.ask("GET", "/api/v1/cart").body
        ask = Ask(
            "POST", "/api/v1/checkout", json=body(cart["total"]), cookies={"cart": self.cart},
            headers={"idempotency-key": f"key-{len(self.orders)}"},
        )  # fmt: skip
        said: Said = self.run(send(self.client, ask))
        if not self.enough(self.basket, Counter()):
            assert (said.status, said.body["code"]) == (409, "out_of_stock")
            return
        assert said.status == 201, said
        assert said.body["payable"] == cart["total"]
        with_code = self.given and cart["discount"] > 0
        self.orders.append(Known(ask, said.body, self.basket, with_code))
        self.basket, self.given = Counter(), False

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def send_a_checkout_again(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from(self.orders))
        said: Said = self.run(send(self.client, known.ask))
        assert (said.status, said.body) == (201, known.told)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from(self.orders))
        said = self.ask("POST", f"/api/v1/orders/{known.told['token']}/cancel", {})
        assert said.status == (200 if known.status in {"new", "confirmed"} else 409), said
        known.status = "cancelled" if said.status == 200 else known.status

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def staff_move_it_on(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from(self.orders))
        to = NEXT.get(known.status, "packed")
        said = self.ask("POST", f"/api/v1/staff/orders/{known.told['number']}/transition", {"to": to}, staff=True)
        assert said.status == (200 if known.status in NEXT else 409), said
        known.status = to if said.status == 200 else known.status

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), wanted=st.dictionaries(st.sampled_from(SIZES), st.integers(1, 3), min_size=1))
    def staff_edit_it(self, data: st.DataObject, wanted: dict[str, int]) -> None:
        known = data.draw(st.sampled_from(self.orders))
        lines = [{"sku": self.codes[size], "quantity": count} for size, count in wanted.items()]
        path = f"/api/v1/staff/orders/{known.told['number']}"
        said = self.ask("PATCH", path, {"lines": lines}, staff=True)
        pieces = Counter(wanted)
        if known.status not in IN_THE_HOUSE:
            assert said.body["code"] == "order_not_editable"
        elif not self.enough(pieces, known.lines):
            assert said.body["code"] == "out_of_stock"
        elif said.status == 200:
            known.lines = pieces
        else:
            # Cash on delivery has its limit.
            assert said.body["code"] == "payment_not_allowed"

    @invariant()
    def stock_is_what_the_model_says_and_the_laws_hold(self) -> None:
        if self.made is None:
            return
        assert self.run(laws.broken(self.settings.database_url)) == {}
        left = self.run(stock.left(self.codes.values()))
        assert left == {self.codes[size]: PIECES[size] - self.taken(size) if size in PIECES else None for size in SIZES}

    @invariant()
    def every_order_shows_what_the_model_knows(self) -> None:
        for known in self.orders:
            shown = self.ask("GET", f"/api/v1/orders/{known.told['token']}").body
            assert shown["status"] == known.status
            pieces = {line["sku"]: line["quantity"] for line in shown["lines"]}
            assert pieces == {self.codes[size]: count for size, count in known.lines.items()}
            assert shown["payable"] == shown["gross"] - shown["discount"] + shown["shipping"]


def test_the_till_holds_against_its_model() -> None:
    with FOLDER:
        run_state_machine_as_test(
            TillMachine, settings=hypothesis_settings(max_examples=6, stateful_step_count=16, deadline=None)
        )
