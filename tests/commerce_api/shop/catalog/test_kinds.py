"""What a kind of garment implies (rules.md 3)."""

import pytest

from commerce_api.shop.catalog.kinds import KINDS, SIZES, by_share, in_size_order, read_size, size_order
from commerce_api.shop.catalog.models import Kind
from commerce_api.shop.catalog.views import SizeRow


def test_every_kind_has_its_defaults() -> None:
    assert set(KINDS) == {kind.value for kind in Kind}
    for kind in KINDS.values():
        assert tuple(row.size for row in kind.size_table) == kind.sizes
        assert sum(percent for _, percent in kind.material) == 100


def test_the_tables_are_those_of_the_rules() -> None:
    assert [(row.size, row.length, row.width, row.sleeve) for row in KINDS["hoodie"].size_table] == [
        ("XS", 54, 52, None),
        ("S", 58, 56, None),
        ("M", 67, 60, None),
        ("L", 70, 64, None),
        ("XL", 73, 68, None),
        ("XXL", 78, 72, None),
    ]
    assert [(row.size, row.length, row.width, row.sleeve) for row in KINDS["longsleeve"].size_table] == [
        ("S", 68.5, 49, 60),
        ("M", 70, 51, 61),
        ("L", 72, 52.5, 62),
        ("XL", 74, 54, 63),
        ("XXL", 76, 58.5, 64),
    ]
    assert {name: (kind.weight_g, kind.box_cm) for name, kind in KINDS.items()} == {
        "tee": (220, (25, 20, 4)),
        "hoodie": (800, (30, 25, 8)),
        "longsleeve": (300, (25, 20, 4)),
    }


@pytest.mark.parametrize(
    ("written", "size"), [("2XL", "XXL"), ("xxl", "XXL"), (" m ", "M"), ("3XL", None), ("", None), ("М", None)]
)
def test_sizes_are_read_as_people_write_them(written: str, size: str | None) -> None:
    assert read_size(written) == size


def test_sizes_grow_along_a_list() -> None:
    assert sorted(["XXL", "S", "?", "XS", "M"], key=size_order) == ["XS", "S", "M", "XXL", "?"]
    assert len(SIZES) == 6


def test_what_a_database_mixed_up_is_put_in_order() -> None:
    assert in_size_order({"XXL": [78, 72], "S": [58, 56, 60]}) == (
        SizeRow("S", 58, 56, 60),
        SizeRow("XXL", 78, 72, None),
    )
    assert by_share({"elastane": 5, "cotton": 90, "bamboo": 5}) == (("cotton", 90), ("bamboo", 5), ("elastane", 5))
