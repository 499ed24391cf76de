"""The one quote: laws that hold for every cart, and the numbers of the rules."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.kit.money import hryvnias
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind
from tests.commerce_api.shop.pricing.builders import DELIVERIES, PAY_TYPES, SHOP, line, priced_lines


@given(priced_lines(), DELIVERIES, PAY_TYPES)
def test_payable_is_goods_less_discount_plus_shipping_and_nothing_is_negative(
    lines: list[PricedLine], delivery: DeliveryKind, pay_type: PayType
) -> None:
    totals = quote(lines, SHOP, delivery, pay_type)

    assert totals.payable == totals.goods - totals.discount + totals.shipping
    assert totals.goods == sum(one.unit_price * one.quantity for one in lines)
    assert min(totals.goods, totals.discount, totals.shipping, totals.free_shipping_left) >= 0
    assert 0 <= totals.due_now <= totals.payable


@given(priced_lines(), st.randoms(use_true_random=False), DELIVERIES)
def test_the_order_of_lines_does_not_matter(lines: list[PricedLine], random: Random, delivery: DeliveryKind) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)

    assert quote(shuffled, SHOP, delivery) == quote(lines, SHOP, delivery)


@given(priced_lines(), DELIVERIES, PAY_TYPES)
def test_splitting_lines_into_single_pieces_does_not_change_the_totals(
    lines: list[PricedLine], delivery: DeliveryKind, pay_type: PayType
) -> None:
    pieces = [replace(one, quantity=1) for one in lines for _ in range(one.quantity)]

    assert quote(pieces, SHOP, delivery, pay_type) == quote(lines, SHOP, delivery, pay_type)


@given(st.integers(1, 2 * SHOP.free_delivery_from), DELIVERIES)
def test_delivery_is_free_exactly_from_the_threshold_on(goods: int, delivery: DeliveryKind) -> None:
    totals = quote([PricedLine("TC-A-B-M", goods, 1)], SHOP, delivery)

    assert (totals.shipping == 0) == (goods >= SHOP.free_delivery_from)
    assert totals.free_shipping_left == max(0, SHOP.free_delivery_from - goods)


@pytest.mark.parametrize(
    ("delivery", "shipping"), [(DeliveryKind.BRANCH, 80), (DeliveryKind.LOCKER, 70), (DeliveryKind.COURIER, 120)]
)
def test_delivery_costs_what_the_settings_say(delivery: DeliveryKind, shipping: int) -> None:
    totals = quote([line(890)], SHOP, delivery)

    assert (totals.shipping, totals.payable) == (hryvnias(shipping), hryvnias(890 + shipping))


def test_one_kopiyka_decides_about_free_delivery() -> None:
    just_below = quote([PricedLine("TC-A-B-M", 249_999, 1)], SHOP)
    reached = quote([PricedLine("TC-A-B-M", 250_000, 1)], SHOP)

    assert (just_below.shipping, just_below.free_shipping_left) == (8_000, 1)
    assert (reached.shipping, reached.free_shipping_left) == (0, 0)


def test_an_empty_cart_costs_nothing_and_sends_nothing() -> None:
    totals = quote([], SHOP)

    assert (totals.goods, totals.shipping, totals.payable, totals.due_now) == (0, 0, 0, 0)
    assert totals.free_shipping_left == SHOP.free_delivery_from


def test_a_line_of_nothing_or_below_nothing_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="counts from 1"):
        PricedLine("TC-A-B-M", 100, 0)
    with pytest.raises(ValueError, match="less than 0"):
        PricedLine("TC-A-B-M", -1, 1)
