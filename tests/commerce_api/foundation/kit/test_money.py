"""Money is never lost, made or shown wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.kit import money

AMOUNTS = st.integers(min_value=0, max_value=10**12)


@pytest.mark.parametrize(
    ("price", "percent", "shelf"),
    [
        (89_000, 0, 89_000),
        (89_000, 10, 80_100),
        (99_900, 15, 84_900),  # 849.15 down
        (99_900, 35, 64_900),  # 649.35 down
        (89_900, 5, 85_400),  # 854.05 down
        (129_000, 50, 64_500),
        (1_100, 50, 600),  # 5.50 goes up
        (89_050, 0, 89_050),
    ],
)
def test_a_discounted_shelf_price_is_rounded_half_up_to_whole_hryvnias(price: int, percent: int, shelf: int) -> None:
    assert money.shelf_price(price, percent) == shelf


@given(AMOUNTS, st.integers(0, 90))
def test_a_shelf_price_is_within_half_a_hryvnia_of_the_exact_one(price: int, percent: int) -> None:
    shelf = money.shelf_price(price, percent)
    assert abs(shelf * 100 - price * (100 - percent)) <= 50 * 100
    assert percent == 0 or shelf % 100 == 0


@pytest.mark.parametrize("percent", [-1, 91, 100])
def test_a_discount_outside_the_range_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="0 to 90"):
        money.shelf_price(100, percent)


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any))
def test_shares_always_sum_to_the_whole_and_are_fair(total: int, weights: list[int]) -> None:
    shares = money.split(total, weights)
    assert sum(shares) == total
    exact = [total * weight / sum(weights) for weight in weights]
    assert all(abs(share - fair) <= 1 + fair * 1e-9 for share, fair in zip(shares, exact, strict=True))
    assert all(share == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0 and total == 0)


def test_nothing_cannot_be_split_over_nothing_that_weighs() -> None:
    assert money.split(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="nothing to split"):
        money.split(5, [0, 0])


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (89_000, "890\u00a0₴"),
        (129_900, "1\u00a0299\u00a0₴"),
        (129_950, "1\u00a0299,50\u00a0₴"),
        (0, "0\u00a0₴"),
        (5, "0,05\u00a0₴"),
        (-10_000, "\u2212100\u00a0₴"),
        (123_456_700, "1\u00a0234\u00a0567\u00a0₴"),
    ],
)
def test_amounts_are_shown_with_no_break_spaces_and_kopiyky_only_when_there_are_any(amount: int, shown: str) -> None:
    assert money.format_amount(amount) == shown


@given(AMOUNTS, st.integers(0, 100))
def test_a_percentage_is_half_up_to_a_kopiyka_and_never_more_than_the_amount(amount: int, percent: int) -> None:
    part = money.percent_of(amount, percent)
    assert abs(part * 100 - amount * percent) <= 50
    assert 0 <= part <= amount


@given(st.integers(0, 10**11 - 1))
def test_what_is_shown_can_be_typed_again(amount: int) -> None:
    assert money.read_amount(money.format_amount(amount)) == amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("890", 89_000), (" 1 290 ", 129_000), ("89,5", 8_950), ("89.05", 8_905), ("0", 0),
        ("", None), ("-5", None), ("1e3", None), ("12,345", None), ("1.2.3", None), ("1500 грн.", None), ("٣", None),
        ("1234567890", None),
    ],
)  # fmt: skip
def test_hryvnias_are_read_as_people_type_them(typed: str, amount: int | None) -> None:
    assert money.read_amount(typed) == amount
