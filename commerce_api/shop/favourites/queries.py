"""Reading what somebody likes."""

from collections.abc import Mapping

from commerce_api.shop.catalog.errors import ProductUnknown
from commerce_api.shop.catalog.queries import published, renamed_to
from commerce_api.shop.favourites.models import Favourite


async def list_of(account_id: int) -> dict[str, int]:
    """Every word of an account, tombstones included: product to milliseconds, negative for what was taken out."""
    rows = await Favourite.filter(account_id=account_id).values_list("product", "changed")
    return {str(product): int(str(changed)) for product, changed in rows}


async def liked_by(account_id: int) -> list[str]:
    """Slugs of the products in the list, the last one put in first."""
    rows = Favourite.filter(account_id=account_id, changed__gt=0).order_by("-changed", "id")
    return [str(product) for product in await rows.values_list("product", flat=True)]


def liked_in(words: Mapping[str, int]) -> list[str]:
    """The same of words that are kept elsewhere."""
    return sorted((product for product, changed in words.items() if changed > 0), key=lambda product: -words[product])


async def sold_as(product: str) -> str:
    """The name of a published product, asked for by one that it has or had. Raises ProductUnknown."""
    if await published().filter(slug=product).exists():
        return product
    name = await renamed_to(product)
    if name is None or not await published().filter(slug=name).exists():
        raise ProductUnknown(slug=product)
    return name
