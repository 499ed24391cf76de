"""What codes hear from the hall: a product that they are for has another name."""

from functools import partial

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.events import ProductRenamed
from commerce_api.shop.catalog.queries import renamed_to
from commerce_api.shop.promotions.making import rename_product


async def on_product_renamed(event: ProductRenamed) -> None:
    """A code for a product is for it under its new name too. Told twice, or after a later name, it is the same."""
    new = await renamed_to(event.old)
    # Told late, the name that was left may be the product's own again.
    if new:
        await transact(partial(rename_product, event.old, new))
