"""The races: what two may want at the same moment and only one can have (quality.md, truth and safety)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx2

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.models import Session
from commerce_api.shop.accounts import passwords, proofs
from commerce_api.shop.accounts.models import Account, AccountRole
from commerce_api.shop.accounts.roles import ProofOf, Role
from commerce_api.shop.catalog import stock
from commerce_api.shop.ledger.service import post
from commerce_api.shop.loyalty.accounts import SHOP, spendable
from commerce_api.shop.orders.status import OrderStatus
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf
from tests.commerce_api.shop.checkout.builders import LINES, body
from tests.commerce_api.shop.customer_area.builders import PASSWORD
from tests.stress.racers import Ask, Said

Pair = tuple[Ask, Ask]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where races are prepared: a shop to put things into carts at, and what all accounts have in common."""

    settings: Settings
    client: httpx2.AsyncClient
    password_hash: str
    staff: str

    async def cart(self, sku: str, promo: str = "") -> tuple[str, int]:
        """A guest's cart with one piece; its secret and the total it shows."""
        self.client.cookies.clear()
        answer = await self.client.post(LINES, json={"sku": sku, "quantity": 1})
        if promo:
            answer = await self.client.post("/api/v1/cart/promo", json={"code": promo})
        answer.raise_for_status()
        return self.client.cookies["cart"], int(answer.json()["total"])

    async def order(self, sku: str) -> dict[str, Any]:
        """A placed order of one piece."""
        secret, total = await self.cart(sku)
        answer = await self.client.post("/api/v1/checkout", json=body(total), headers={"idempotency-key": secret})
        answer.raise_for_status()
        placed: dict[str, Any] = answer.json()
        return placed

    async def account(self, name: str) -> int:
        """A person with the password of all tests."""
        at = clock.now()
        made = await Account.create(
            email=f"{name}@example.com", name="", password_hash=self.password_hash, created_at=at, verified_at=at
        )
        return made.id

    async def session(self, account_id: int, *, staff: bool = False) -> str:
        """The secret of an open session."""
        token, now = ids.token(), clock.now()
        await Session.create(
            digest=ids.digest(token), account_id=account_id, staff=staff, created_at=now, seen_at=now,
            expires_at=now + timedelta(hours=12), user_agent="", data={},
        )  # fmt: skip
        return token


async def stage(settings: Settings, client: httpx2.AsyncClient) -> Stage:
    """A stage in an empty shop."""
    hashed = await passwords.hash_password(PASSWORD)
    at = clock.now()
    clerk = await Account.create(
        email="clerk@example.com", name="", password_hash=hashed, created_at=at, verified_at=at
    )
    await AccountRole.create(account_id=clerk.id, role=Role.ORDERS)
    made = Stage(settings, client, hashed, "")
    return Stage(settings, client, hashed, await made.session(clerk.id, staff=True))


async def shelf(slug: str, pieces: int) -> str:
    """A product with so many pieces; its SKU code."""
    codes = await put_on_shelf(slug, stock={"M": pieces})
    await transact(lambda: stock.note_opening(codes.values()))
    return codes["M"]


def checkout(secret: str, total: int, key: str) -> Ask:
    """Buying a cart."""
    return Ask("POST", "/api/v1/checkout", json=body(total), cookies={"cart": secret}, headers={"idempotency-key": key})


def one_wins(won: int, *lost: tuple[int, str]) -> Callable[[Said, Said], bool]:
    """Exactly one answer has the status of the winner, the other is one of the refusals."""

    def judge(first: Said, second: Said) -> bool:
        winner, loser = sorted((first, second), key=lambda said: said.status != won)
        return winner.status == won and (loser.status, str(loser.body.get("code", ""))) in lost

    return judge


def both_told_the_same(first: Said, second: Said) -> bool:
    """A retry is answered as the first one was."""
    return first == second and first.status == 201


async def last_unit(made: Stage, number: int) -> Pair:
    sku = await shelf(f"last-{number}", 1)
    carts = [await made.cart(sku) for _ in range(2)]
    first, second = (checkout(secret, total, secret) for secret, total in carts)
    return first, second


async def last_use(made: Stage, number: int) -> Pair:
    sku = await shelf(f"code-{number}", 9)
    code = await promo(f"LAST{number}", max_uses=1)
    carts = [await made.cart(sku, code) for _ in range(2)]
    first, second = (checkout(secret, total, secret) for secret, total in carts)
    return first, second


async def same_key(made: Stage, number: int) -> Pair:
    secret, total = await made.cart(await shelf(f"key-{number}", 9))
    ask = checkout(secret, total, "the same")
    return ask, ask


async def two_tabs(made: Stage, number: int) -> Pair:
    secret, total = await made.cart(await shelf(f"tabs-{number}", 9))
    return checkout(secret, total, "one tab"), checkout(secret, total, "another tab")


async def two_cancel(made: Stage, number: int) -> Pair:
    placed = await made.order(await shelf(f"cancel-{number}", 1))
    ask = Ask("POST", f"/api/v1/orders/{placed['token']}/cancel", json={})
    return ask, ask


async def cancel_or_pack(made: Stage, number: int) -> Pair:
    placed = await made.order(await shelf(f"pack-{number}", 1))
    path = f"/api/v1/staff/orders/{placed['number']}/transition"
    cookies = {"sid": made.staff}
    confirmed = await made.client.post(
        path, json={"to": OrderStatus.CONFIRMED.value}, headers={"cookie": f"sid={made.staff}"}
    )
    confirmed.raise_for_status()
    pack = Ask("POST", path, json={"to": OrderStatus.PACKED.value}, cookies=cookies)
    return Ask("POST", f"/api/v1/orders/{placed['token']}/cancel", json={}), pack


async def two_edit(made: Stage, number: int) -> Pair:
    sku = await shelf(f"edit-{number}", 3)
    placed = await made.order(sku)
    path, cookies = f"/api/v1/staff/orders/{placed['number']}", {"sid": made.staff}
    read = await made.client.get(path, headers={"cookie": f"sid={made.staff}"})
    version = read.json()["version"]
    first, second = (
        Ask("PATCH", path, json={"lines": [{"sku": sku, "quantity": n}], "version": version}, cookies=cookies)
        for n in (2, 3)
    )
    return first, second


async def points_spent_twice(made: Stage, number: int) -> Pair:
    account = await made.account(f"points-{number}")
    owner = spendable(account)
    await transact(lambda: post(f"gift:{number}", "points_earned", {owner: 100, SHOP: -100}))
    cookies = {"sid": await made.session(account)}
    first, second = (
        Ask("POST", "/account/points/", form={"key": key}, cookies=cookies) for key in ("key-of-one", "key-of-two")
    )
    return first, second


async def reset_link(made: Stage, number: int) -> Pair:
    account = await made.account(f"reset-{number}")
    token = await transact(lambda: proofs.issue(account, ProofOf.RESET))
    first, second = (
        Ask("POST", f"/account/reset/{token}/", form={"password": f"нове гасло {side} над річкою"}) for side in (1, 2)
    )
    return first, second


async def one_cart_joined(made: Stage, number: int) -> Pair:
    account = f"join-{number}"
    await made.account(account)
    secret, _ = await made.cart(await shelf(f"join-{number}", 9))
    ask = Ask(
        "POST",
        "/account/sign-in/",
        form={"email": f"{account}@example.com", "password": PASSWORD},
        cookies={"cart": secret},
    )
    return ask, ask


def both_come_in(first: Said, second: Said) -> bool:
    """The same person may sign in twice; the guest's cart is joined once (asked of the database afterwards)."""
    return first.status == second.status == 303


@dataclass(frozen=True, slots=True)
class Race:
    """How a round is prepared, what two answers are right, and queries that find what is wrong afterwards."""

    prepare: Callable[[Stage, int], Awaitable[Pair]]
    judge: Callable[[Said, Said], bool]
    wrong: tuple[str, ...] = ()


TWICE: Final = "SELECT l.sku FROM order_line l WHERE l.sku LIKE '{}' GROUP BY l.sku HAVING COUNT(*) <> 1"
RACES: Final[dict[str, Race]] = {
    "the last piece": Race(last_unit, one_wins(201, (409, "out_of_stock")), (TWICE.format("TC-LAST-%"),)),
    "the last use of a code": Race(last_use, one_wins(201, (422, "promo_used_up")), (TWICE.format("TC-CODE-%"),)),
    "one key sent twice": Race(same_key, both_told_the_same, (TWICE.format("TC-KEY-%"),)),
    "one cart in two tabs": Race(two_tabs, one_wins(201, (409, "cart_empty")), (TWICE.format("TC-TABS-%"),)),
    "two who cancel": Race(two_cancel, one_wins(200, (409, "illegal_transition"))),
    "cancelled or packed": Race(cancel_or_pack, one_wins(200, (409, "illegal_transition"))),
    "two who edit": Race(two_edit, one_wins(200, (409, "order_changed"))),
    "points spent twice": Race(
        points_spent_twice,
        one_wins(303, (409, ""), (422, "")),
        ("SELECT account_id FROM loyalty_reward GROUP BY account_id HAVING COUNT(*) <> 1",),
    ),
    "one link for a new password": Race(reset_link, one_wins(303, (422, ""), (404, ""), (409, ""), (410, ""))),
    "one cart joined by two sign-ins": Race(
        one_cart_joined,
        both_come_in,
        ("SELECT sku FROM cart_line WHERE sku LIKE 'TC-JOIN-%' GROUP BY sku HAVING SUM(quantity) <> 1",),
    ),
}
