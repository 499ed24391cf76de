"""The wholesale table of rules.md 9."""

import pytest

from commerce_api.shop.pricing.tiers import WHOLESALE, wholesale_price


@pytest.mark.parametrize(
    ("kind", "pieces", "price"),
    [
        ("tee", 8, 540_00),
        ("tee", 15, 540_00),
        ("tee", 16, 520_00),
        ("tee", 63, 500_00),
        ("tee", 99, 490_00),
        ("tee", 100, 480_00),
        ("tee", 5_000, 480_00),
        ("hoodie", 8, 1_300_00),
        ("hoodie", 64, 1_175_00),
        ("hoodie", 100, 1_150_00),
    ],
)
def test_more_pieces_of_a_kind_cost_less_each(kind: str, pieces: int, price: int) -> None:
    assert wholesale_price(kind, pieces) == price


def test_a_long_sleeve_costs_a_t_shirt_and_eighty_hryvnias_in_every_tier() -> None:
    pairs = zip(WHOLESALE["longsleeve"], WHOLESALE["tee"], strict=True)

    assert all(long.price == tee.price + 80_00 and long.pieces == tee.pieces for long, tee in pairs)


@pytest.mark.parametrize(("kind", "pieces"), [("tee", 7), ("tee", 0), ("mug", 100)])
def test_too_few_pieces_and_unknown_kinds_have_no_wholesale_price(kind: str, pieces: int) -> None:
    assert wholesale_price(kind, pieces) is None
