"""SKU codes are the offer's name everywhere (rules.md 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.shop.catalog.codes import check_code, sku_code
from commerce_api.shop.catalog.errors import BadSkuCode
from commerce_api.shop.catalog.kinds import SIZES
from tests.commerce_api.shop.catalog.strategies import SLUGS


def test_a_code_names_product_colour_size_and_the_second_fit() -> None:
    assert sku_code("kolos-tee", "coal-milk", "XXL", oversize_beside_classic=False) == "TC-KOLOS-TEE-COAL-MILK-XXL"
    assert sku_code("kolos-tee", "coal", "M", oversize_beside_classic=True) == "TC-KOLOS-TEE-COAL-M-OS"


@given(SLUGS, SLUGS, st.sampled_from(SIZES), st.booleans())
def test_every_code_of_ours_may_be_stored(product: str, colour: str, size: str, both: bool) -> None:
    check_code(sku_code(product, colour, size, oversize_beside_classic=both))


@pytest.mark.parametrize(
    "code", ["", "TC-", "TC-M", "tc-kolos-coal-m", "TC-КОЛОС-COAL-M", "TC-KOLOS_TEE-COAL-M", "TC-" + "A" * 46 + "-M"]
)
def test_a_code_that_is_too_long_or_not_latin_is_refused(code: str) -> None:
    with pytest.raises(BadSkuCode):
        check_code(code)
