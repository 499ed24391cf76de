"""The ledger: what moves is never lost, moves once for each cause, and cannot be spent twice."""

import asyncio
from functools import partial

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from commerce_api.foundation.db.tx import NoTransaction, transact
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.settings import Settings
from commerce_api.shop.ledger.errors import AlreadyPosted, NotEnough, Unbalanced
from commerce_api.shop.ledger.models import Entry, Posting
from commerce_api.shop.ledger.queries import balance, broken_laws, statement
from commerce_api.shop.ledger.service import AccountKey, open_account, post

pytestmark = pytest.mark.anyio

SHOP = AccountKey("points", "shop")
OKSANA = AccountKey("points", "account:1")
IVAN = AccountKey("points", "account:2")


async def earn(key: AccountKey, amount: int, cause: str) -> None:
    await transact(lambda: post(cause, "earned", {SHOP: -amount, key: amount}))


async def spend(key: AccountKey, amount: int, cause: str) -> None:
    await transact(lambda: post(cause, "spent", {key: -amount, SHOP: amount}, spending=key))


async def test_what_one_account_gets_another_gives(database: Settings) -> None:
    await earn(OKSANA, 44, "order:1:earned")
    await spend(OKSANA, 40, "code:1")

    assert (await balance(OKSANA), await balance(SHOP), await balance(IVAN)) == (4, -4, 0)
    page = await statement(OKSANA, PageRequest())
    assert [(line.cause, line.kind, line.amount) for line in page.items] == [
        ("code:1", "spent", -40),
        ("order:1:earned", "earned", 44),
    ]
    assert await broken_laws() == ()


async def test_a_cause_moves_something_once(database: Settings) -> None:
    await earn(OKSANA, 44, "order:1:earned")
    with pytest.raises(AlreadyPosted):
        await earn(OKSANA, 44, "order:1:earned")
    assert (await balance(OKSANA), await Entry.all().count()) == (44, 2)


async def test_nobody_spends_what_is_not_there_and_a_refusal_leaves_nothing(database: Settings) -> None:
    await earn(OKSANA, 44, "order:1:earned")
    with pytest.raises(NotEnough) as refused:
        await spend(OKSANA, 45, "code:1")

    assert dict(refused.value.details) == {"kind": "points", "balance": 44, "wanted": 45}
    assert (await balance(OKSANA), await Posting.all().count()) == (44, 1)


async def test_what_was_earned_may_be_taken_back_after_it_was_spent(database: Settings) -> None:
    await earn(OKSANA, 44, "order:1:earned")
    await spend(OKSANA, 44, "code:1")
    await transact(lambda: post("order:1:returned", "taken_back", {OKSANA: -44, SHOP: 44}))
    assert await balance(OKSANA) == -44


async def test_an_account_with_a_floor_never_falls_below_it(database: Settings) -> None:
    vault = AccountKey("payouts", "dropshipper:1", "kopiyky")
    till = AccountKey("till", "shop", "kopiyky")
    await transact(lambda: open_account(vault, lowest=0))
    with pytest.raises(NotEnough):
        await transact(lambda: post("payout:1", "payout", {vault: -1, till: 1}))
    assert await broken_laws() == ()


@pytest.mark.parametrize(
    "amounts",
    [{}, {OKSANA: 1}, {OKSANA: 0}, {OKSANA: 1, SHOP: -2}, {OKSANA: 1, AccountKey("till", "shop", "kopiyky"): -1}],
)
async def test_entries_that_do_not_balance_are_a_fault_of_the_program(
    sqlite_database: Settings, amounts: dict[AccountKey, int]
) -> None:
    with pytest.raises(Unbalanced):
        await transact(lambda: post("x", "x", amounts))
    assert await Posting.all().count() == 0


async def test_the_ledger_moves_only_inside_a_transaction(sqlite_database: Settings) -> None:
    with pytest.raises(NoTransaction):
        await post("x", "x", {OKSANA: 1, SHOP: -1})


async def test_of_many_who_spend_the_same_points_at_once_only_as_many_do_as_there_are_points(
    database: Settings,
) -> None:
    await earn(OKSANA, 5, "order:1:earned")
    tried = await asyncio.gather(*(spend(OKSANA, 1, f"code:{n}") for n in range(12)), return_exceptions=True)

    assert sum(result is None for result in tried) == 5
    assert sum(isinstance(result, NotEnough) for result in tried) == 7
    assert (await balance(OKSANA), await broken_laws()) == (0, ())


KEYS = (SHOP, OKSANA, IVAN)
MOVES = st.lists(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.integers(1, 100), st.booleans()), max_size=12
)


async def test_whatever_moves_the_balances_are_the_sums_of_their_entries(sqlite_database: Settings) -> None:
    runs: list[list[tuple[AccountKey, AccountKey, int, bool]]] = []

    @given(MOVES)
    @hypothesis_settings(
        max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    )
    def collect(moves: list[tuple[AccountKey, AccountKey, int, bool]]) -> None:
        runs.append(moves)

    collect()
    expected = dict.fromkeys(KEYS, 0)
    for number, (giver, taker, amount, guarded) in enumerate(move for moves in runs for move in moves):
        if giver == taker:
            continue
        amounts = {giver: -amount, taker: amount}
        spender = giver if guarded else None
        try:
            await transact(partial(post, f"move:{number}", "move", amounts, spending=spender))
        except NotEnough:
            assert guarded
            assert expected[giver] < amount
            continue
        expected[giver] -= amount
        expected[taker] += amount

    assert {key: await balance(key) for key in KEYS} == expected
    assert await broken_laws() == ()
