"""Reading what somebody likes."""

from commerce_api.shop.favourites.models import Favourite


async def list_of(account_id: int) -> dict[str, int]:
    """Every word of an account, tombstones included: product to milliseconds, negative for what was taken out."""
    rows = await Favourite.filter(account_id=account_id).values_list("product", "changed")
    return {str(product): int(str(changed)) for product, changed in rows}


async def liked_by(account_id: int) -> list[str]:
    """Slugs of the products in the list, the last one put in first."""
    rows = Favourite.filter(account_id=account_id, changed__gt=0).order_by("-changed", "id")
    return [str(product) for product in await rows.values_list("product", flat=True)]
