"""What this room knows of a person: handed out and forgotten with the account."""

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.shop.favourites.models import Favourite
from commerce_api.shop.favourites.queries import liked_by


async def export(account_id: int) -> list[str]:
    """The products somebody likes."""
    return await liked_by(account_id)


async def erase(account_id: int) -> None:
    """Forget what somebody likes and liked. Raises NoTransaction."""
    require_transaction()
    await Favourite.filter(account_id=account_id).delete()
