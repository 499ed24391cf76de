"""The code of a SKU: the offer's name in feeds, search, carts and orders (rules.md 2)."""

import re
from typing import Final

from commerce_api.shop.catalog.errors import BadSkuCode

LONGEST: Final = 50
FORM: Final = re.compile(r"TC-[A-Z0-9]+(?:-[A-Z0-9]+)+")


def sku_code(product: str, colour: str, size: str, *, oversize_beside_classic: bool) -> str:
    """`TC-<product>-<colour>-<size>` in capitals; `-OS` marks oversize where the product has the classic fit too.

    Raises BadSkuCode when it is longer than 50 characters or holds anything but Latin letters, digits and hyphens.
    """
    code = f"TC-{product}-{colour}-{size}{'-OS' if oversize_beside_classic else ''}".upper()
    check_code(code)
    return code


def check_code(code: str) -> None:
    """Raises BadSkuCode for a code that must not be stored."""
    if len(code) > LONGEST or not FORM.fullmatch(code):
        raise BadSkuCode(sku=code, longest=LONGEST)
