"""What carts know of a person: what lies in the account's own."""

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.shop.cart.models import Cart
from commerce_api.shop.cart.queries import contents_of
from commerce_api.shop.cart.tokens import account_token


async def export(account_id: int) -> list[dict[str, object]]:
    """The lines of the account's cart."""
    contents = await contents_of(account_token(account_id))
    return [{"sku": row.sku, "name": row.name, "quantity": row.quantity} for row in contents.rows]


async def erase(account_id: int) -> None:
    """Empty and close the account's cart. Raises NoTransaction."""
    require_transaction()
    await Cart.filter(account_id=account_id).delete()
