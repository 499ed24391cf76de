"""Uses of codes: reserved with the order, never more than allowed, and given back."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from commerce_api.foundation.db.tx import NoTransaction, transact
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.settings import Settings
from commerce_api.shop.pricing.codes import CodeKind, CodeTerms
from commerce_api.shop.promotions import making, service
from commerce_api.shop.promotions.customers import Customer, use_keys
from commerce_api.shop.promotions.errors import (
    BadPromo,
    CodeTaken,
    PromoAlreadyUsed,
    PromoGroupUsed,
    PromoUsedUp,
)
from commerce_api.shop.promotions.models import PromoCode, PromoUse, UseState
from commerce_api.shop.promotions.queries import terms_of
from tests.commerce_api.shop.cart.builders import promo

pytestmark = pytest.mark.anyio

OKSANA = Customer("+380671234567", "Oksana@Example.com", "secret")


async def terms(code: str = "DROP10") -> CodeTerms:
    found = await terms_of(code)
    assert found
    return found


async def use(order: int, customer: Customer = OKSANA, code: str = "DROP10", *, confirmed: bool = True) -> None:
    """What placing an order does with a code."""
    found = await terms(code)

    async def work() -> None:
        await service.claim(found)
        await service.reserve(found, customer, order, 8_900, confirmed=confirmed)

    await transact(work)


async def test_a_use_is_reserved_then_confirmed_by_the_payment(database: Settings) -> None:
    await promo(max_uses=2)
    await use(1, confirmed=False)
    reserved = (await PromoUse.get()).state
    paid = await transact(lambda: service.confirm(1))
    again = await transact(lambda: service.confirm(1))

    assert (reserved, (await PromoUse.get()).state) == (UseState.RESERVED, UseState.CONFIRMED)
    assert (paid, again) == (True, False)
    assert (await terms()).left == 1


async def test_a_released_use_can_be_taken_again_and_is_given_back_once(database: Settings) -> None:
    await promo(max_uses=1, once_per_customer=True)
    await use(1)
    given = [await transact(lambda: service.release(1)) for _ in range(2)]
    await use(2)

    assert given == [True, False]
    assert (await PromoCode.get()).uses == 1
    assert not await transact(lambda: service.release(99))


async def test_a_customer_uses_a_code_once_by_phone_and_by_e_mail(database: Settings) -> None:
    await promo(once_per_customer=True)
    await use(1)
    for number, person in enumerate(
        (Customer("+380671234567", None, "secret"), Customer("+380500000000", "oksana@example.COM ", "secret")), 2
    ):
        with pytest.raises(PromoAlreadyUsed):
            await use(number, person)
    await use(9, Customer("+380500000000", "ivan@example.com", "secret"))

    assert (await PromoCode.get()).uses == 2


async def test_a_group_is_used_up_by_any_of_its_codes(database: Settings) -> None:
    await promo("AAAA2222", group="drop-7")
    await promo("BBBB3333", group="Drop-7")
    await promo("CCCC4444")
    await use(1, code="AAAA2222")
    with pytest.raises(PromoGroupUsed):
        await use(2, code="BBBB3333")
    await use(3, code="CCCC4444")
    await use(4, code="CCCC4444")


async def test_of_twenty_parallel_tries_of_a_code_with_five_uses_exactly_five_succeed(database: Settings) -> None:
    await promo(max_uses=5)
    tried = await asyncio.gather(*(use(order) for order in range(20)), return_exceptions=True)

    assert sum(result is None for result in tried) == 5
    assert sum(isinstance(result, PromoUsedUp) for result in tried) == 15
    assert ((await PromoCode.get()).uses, await PromoUse.all().count()) == (5, 5)


async def test_parallel_orders_of_one_customer_use_a_code_once(database: Settings) -> None:
    await promo(once_per_customer=True)
    tried = await asyncio.gather(*(use(order) for order in range(6)), return_exceptions=True)

    assert sum(result is None for result in tried) == 1
    assert (await PromoCode.get()).uses == 1


async def test_uses_and_releases_at_once_leave_the_counter_right(database: Settings) -> None:
    await promo(max_uses=3, once_per_customer=True)
    people = [Customer(f"+38067000000{n}", None, "secret") for n in range(6)]
    await asyncio.gather(*(use(n, person) for n, person in enumerate(people[:3])))
    await asyncio.gather(
        *(transact(partial(service.release, n)) for n in range(3)),
        *(use(n + 10, person) for n, person in enumerate(people)),
        return_exceptions=True,
    )

    held = await PromoUse.exclude(state=UseState.RELEASED).count()
    assert (await PromoCode.get()).uses == held <= 3


async def test_a_code_that_was_switched_off_between_cart_and_order_is_not_used(database: Settings) -> None:
    await promo()
    found = await terms()
    assert await transact(lambda: making.switch("drop10", active=False))
    with pytest.raises(PromoUsedUp):
        await transact(lambda: service.claim(found))


async def test_uses_change_only_inside_a_transaction(sqlite_database: Settings) -> None:
    await promo()
    for work in (service.claim(await terms()), service.confirm(1), service.release(1)):
        with pytest.raises(NoTransaction):
            await work


def test_what_is_stored_of_a_customer_cannot_be_read_back_or_compared_between_shops() -> None:
    code = CodeTerms(1, "DROP10", CodeKind.PERCENT, 10, once_per_customer=True)
    ours = use_keys(code, OKSANA)
    theirs = use_keys(code, Customer(OKSANA.phone, OKSANA.email, "another secret"))

    assert "380671234567" not in str(ours)
    assert not {ours.phone, ours.email} & {theirs.phone, theirs.email}
    assert len({ours.phone, ours.email}) == 2


async def test_codes_are_made_in_batches_without_letters_that_look_alike(database: Settings) -> None:
    wanted = making.NewPromo(CodeKind.VOUCHER, 20_000, note="для друзів")
    made = await transact(lambda: making.create_batch(wanted, 50, "friends"))

    assert len(set(made)) == 50
    assert all(len(code) == 8 and not set(code) - set(ids.READABLE) for code in made)
    assert {(row.batch, row.max_uses, row.kind) for row in await PromoCode.all()} == {("friends", 1, CodeKind.VOUCHER)}


async def test_a_code_is_written_in_capitals_and_taken_once(sqlite_database: Settings) -> None:
    assert await promo(" drop 10 ") == "DROP10"
    with pytest.raises(CodeTaken):
        await promo("Drop10")
    assert (await terms("d r o p10")).code == "DROP10"
    assert await terms_of("DROP11") is await terms_of("'; --") is await terms_of(None) is None


@pytest.mark.parametrize(
    ("kind", "value", "more", "field"),
    [
        (CodeKind.PERCENT, 0, {}, "value"),
        (CodeKind.PERCENT, 91, {}, "value"),
        (CodeKind.FIXED, -1, {}, "value"),
        (CodeKind.FIXED, 10_000_001, {}, "value"),
        (CodeKind.PERCENT, 10, {"minimum": -1}, "minimum"),
        (CodeKind.PERCENT, 10, {"max_uses": 0}, "max_uses"),
        (CodeKind.PERCENT, 10, {"group": "<script>"}, "group"),
        (CodeKind.PERCENT, 10, {"categories": ("T Shirts",)}, "categories"),
        (
            CodeKind.PERCENT,
            10,
            {"valid_from": clock.now(), "valid_until": clock.now() - timedelta(days=1)},
            "valid_until",
        ),
    ],
)
async def test_terms_that_cannot_be_are_refused_by_field(
    sqlite_database: Settings, kind: CodeKind, value: int, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadPromo) as refused:
        await promo("DROP10", kind, value, **more)
    assert set(refused.value.fields) == {field}
    assert await PromoCode.all().count() == 0
