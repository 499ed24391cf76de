"""What favourites hear from the hall: a product that somebody likes has another name."""

from functools import partial

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import ProductRenamed
from commerce_api.shop.catalog.queries import renamed_to
from commerce_api.shop.favourites.service import rename_product


async def on_product_renamed(event: ProductRenamed) -> None:
    """Words about a product are about it under its new name too. Told twice, or after a later name, it is the same."""
    new = await renamed_to(event.old)
    # Told late, the name that was left may be the product's own again.
    if new:
        await transact(partial(rename_product, event.old, new))
