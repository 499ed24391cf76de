"""Promo codes as arithmetic: what they take off, and what they say when they take nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.kit.money import hryvnias
from commerce_api.shop.pricing.codes import LEAST_PAYABLE, CodeKind, CodeTerms, Refusal, Why, refusal, shares
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind
from tests.commerce_api.shop.pricing.builders import DELIVERIES, PAY_TYPES, SHOP

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
TENTH = CodeTerms(1, "DROP10", CodeKind.PERCENT, 10)

LINES = st.lists(
    st.builds(
        PricedLine,
        sku=st.just("TC-A-B-M"),
        unit_price=st.integers(0, hryvnias(5_000)),
        quantity=st.integers(1, 50),
        product=st.sampled_from(["kolos-tee", "sova-hoodie"]),
        category=st.sampled_from(["t-shirts", "hoodies"]),
    ),
    max_size=8,
)
TERMS = st.one_of(
    st.builds(replace, st.just(TENTH), value=st.integers(1, 90)),
    st.builds(
        replace,
        st.just(TENTH),
        kind=st.sampled_from([CodeKind.FIXED, CodeKind.VOUCHER]),
        value=st.integers(1, hryvnias(20_000)),
    ),
).flatmap(
    lambda terms: st.builds(
        replace,
        st.just(terms),
        minimum=st.integers(0, hryvnias(3_000)),
        categories=st.sampled_from([frozenset[str](), frozenset({"hoodies"})]),
        products=st.sampled_from([frozenset[str](), frozenset({"kolos-tee"})]),
    )
)


def line(price: int, quantity: int = 1, product: str = "kolos-tee", category: str = "t-shirts") -> PricedLine:
    return PricedLine("TC-A-B-M", hryvnias(price), quantity, product, category)


@given(LINES, TERMS, DELIVERIES, PAY_TYPES)
def test_whatever_the_code_the_totals_add_up_and_something_is_left_to_pay(
    lines: list[PricedLine], terms: CodeTerms, delivery: DeliveryKind, pay_type: PayType
) -> None:
    totals = quote(lines, SHOP, delivery, pay_type, terms, NOW)

    assert totals.payable == totals.goods - totals.discount + totals.shipping
    assert 0 <= totals.discount <= max(0, totals.goods - LEAST_PAYABLE)
    assert totals.payable >= min(totals.goods, LEAST_PAYABLE)
    assert bool(totals.refused) <= (totals.discount == 0)


@given(LINES, TERMS)
def test_every_line_bears_its_share_of_the_discount_and_never_more_than_it_costs(
    lines: list[PricedLine], terms: CodeTerms
) -> None:
    totals = quote(lines, SHOP, code=terms, at=NOW)

    assert sum(totals.shares) == totals.discount
    assert len(totals.shares) == len(lines)
    assert all(0 <= share <= one.total for share, one in zip(totals.shares, lines, strict=True))


@given(LINES, TERMS)
def test_only_the_goods_that_a_code_names_bear_it(lines: list[PricedLine], terms: CodeTerms) -> None:
    named = replace(terms, categories=frozenset({"hoodies"}), products=frozenset())

    for one, share in zip(lines, shares(named, lines), strict=True):
        assert share == 0 or one.category == "hoodies"


@given(LINES, TERMS)
def test_the_order_of_lines_does_not_change_the_discount(lines: list[PricedLine], terms: CodeTerms) -> None:
    assert quote(lines[::-1], SHOP, code=terms, at=NOW) == quote(lines, SHOP, code=terms, at=NOW)


def test_free_delivery_counts_goods_after_the_code() -> None:
    below = quote([line(2_600)], SHOP, code=TENTH, at=NOW)
    above = quote([line(2_800)], SHOP, code=TENTH, at=NOW)

    assert (below.discount, below.shipping, below.free_shipping_left) == (26_000, 8_000, 16_000)
    assert (above.discount, above.shipping) == (28_000, 0)


def test_a_voucher_worth_more_than_the_goods_leaves_one_hryvnia() -> None:
    voucher = replace(TENTH, kind=CodeKind.VOUCHER, value=hryvnias(2_000))
    totals = quote([line(890)], SHOP, code=voucher, at=NOW)

    assert (totals.discount, totals.payable) == (hryvnias(889), hryvnias(1) + 8_000)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"active": False}, Refusal(Why.UNKNOWN, "DROP10")),
        ({"valid_until": NOW}, Refusal(Why.EXPIRED, "DROP10")),
        ({"left": 0}, Refusal(Why.USED_UP, "DROP10")),
        (
            {"valid_from": NOW + timedelta(days=1)},
            Refusal(Why.NOT_YET, "DROP10", starts=NOW + timedelta(days=1)),
        ),
        ({"categories": frozenset({"hoodies"})}, Refusal(Why.OTHER_GOODS, "DROP10")),
        ({"products": frozenset({"sova-hoodie"})}, Refusal(Why.OTHER_GOODS, "DROP10")),
        ({"minimum": hryvnias(979)}, Refusal(Why.MINIMUM, "DROP10", missing=hryvnias(89))),
        ({"valid_from": NOW, "valid_until": NOW + timedelta(seconds=1), "left": 1, "minimum": hryvnias(890)}, None),
        ({"categories": frozenset({"hoodies"}), "products": frozenset({"kolos-tee"})}, None),
    ],
)
def test_a_code_says_why_it_takes_nothing_off(change: dict[str, object], why: Refusal | None) -> None:
    assert refusal(replace(TENTH, **change), [line(890)], NOW) == why  # type: ignore[arg-type]


def test_a_code_needs_a_moment() -> None:
    with pytest.raises(ValueError, match="moment"):
        quote([line(890)], SHOP, code=TENTH)
