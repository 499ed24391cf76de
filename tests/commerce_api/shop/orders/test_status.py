"""The transition table, row by row."""

import itertools

import pytest

from commerce_api.shop.orders.status import TRANSITIONS, Actor, OrderStatus, Who, may_move, next_statuses

S = OrderStatus
RULES = {
    # rules.md 5: who moves what.
    (S.NEW, S.CONFIRMED): {"system", "staff"},
    (S.NEW, S.CANCELLED): {"system", "customer", "staff"},
    # What the carrier has was packed, whoever forgot to say so.
    (S.CONFIRMED, S.PACKED): {"staff", "carrier"},
    (S.CONFIRMED, S.CANCELLED): {"customer", "staff"},
    (S.PACKED, S.SHIPPED): {"staff", "carrier"},
    (S.PACKED, S.CANCELLED): {"staff"},
    (S.SHIPPED, S.DELIVERED): {"staff", "carrier"},
    (S.SHIPPED, S.REFUSED): {"staff", "carrier"},
    (S.REFUSED, S.RETURNED): {"carrier"},
    (S.DELIVERED, S.RETURNED): {"staff"},
}


@pytest.mark.parametrize(("old", "new"), [*itertools.product(OrderStatus, repeat=2)])
def test_each_pair_of_states_is_open_to_whom_the_rules_name_and_to_nobody_else(old: S, new: S) -> None:
    allowed = {who.value for who in Who if may_move(old, new, who)}

    assert allowed == RULES.get((old, new), set())


def test_what_is_cancelled_or_returned_moves_no_more() -> None:
    assert [new for who in Who for old in (S.CANCELLED, S.RETURNED) for new in next_statuses(old, who)] == []


def test_after_shipping_nobody_cancels() -> None:
    assert not [pair for pair in TRANSITIONS if pair[1] is S.CANCELLED and pair[0] in {S.SHIPPED, S.DELIVERED}]


def test_an_actor_is_written_by_role_and_account() -> None:
    assert (str(Actor(Who.CUSTOMER)), str(Actor(Who.STAFF, 7))) == ("customer", "staff:7")
