"""A tee and a hoodie in files, and what the office does to them."""

import os
from pathlib import Path

from commerce_api.foundation.db.tx import atomic
from commerce_api.shop.catalog import service
from tests.commerce_api.shop.catalog.builders import a_colour, a_product, counts

TEE = a_product(colours=(a_colour(stock=counts(S=1, M=3)), a_colour("milk")))

HOODIE = a_product("sova-hoodie", category="hoodies", kind="hoodie", price=199_900, fits=("classic", "oversize"))

S = "TC-KOLOS-TEE-COAL-S"


def bytes_of(content: Path) -> dict[str, bytes]:
    return {str(path.relative_to(content)): path.read_bytes() for path in content.rglob("*") if path.is_file()}


def make_old(content: Path) -> None:
    for path in content.rglob("*.avif"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


async def reprice(slug: str, price: int) -> None:
    async with atomic():
        await service.change_price(slug, price, 0)
