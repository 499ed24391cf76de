"""Everything the shop knows of a person, handed out or forgotten: one line for each room that knows something."""

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.errors import Forbidden
from commerce_api.foundation.kit import clock
from commerce_api.foundation.web import sessions
from commerce_api.shop.accounts import personal as accounts
from commerce_api.shop.accounts.queries import person, profile_of
from commerce_api.shop.cart import personal as carts
from commerce_api.shop.catalog import personal as catalog
from commerce_api.shop.favourites import personal as favourites
from commerce_api.shop.loyalty import personal as loyalty
from commerce_api.shop.orders import personal as orders
from commerce_api.shop.payments import personal as payments
from commerce_api.shop.shipping import personal as shipping


async def export(account_id: int, sessions_of: list[sessions.SessionView]) -> dict[str, object]:
    """All of it as plain values for a JSON file."""
    return {
        "made_at": clock.now().isoformat(),
        "account": await accounts.export(account_id),
        "sessions": [{"device": one.user_agent, "since": one.created_at.isoformat()} for one in sessions_of],
        "orders": (ordered := await orders.export(account_id)),
        "refunds": await payments.export(await orders.ids_of(account_id)),
        "parcels": await shipping.export([str(order["number"]) for order in ordered]),
        "cart": await carts.export(account_id),
        "favourites": await favourites.export(account_id),
        "points": await loyalty.export(account_id),
        "restock": await catalog.export(await _contacts(account_id)),
    }


async def erase(account_id: int) -> None:
    """Forget the person. Orders stay without them, as the books demand.

    Raises orders.OrdersOpen while a parcel is on its way, Forbidden for staff, whose deeds are on record, and
    NoTransaction.
    """
    require_transaction()
    who = await person(account_id)
    if who is None or who.is_staff:
        raise Forbidden()
    contacts, ordered = await _contacts(account_id), await orders.ids_of(account_id)
    await orders.erase(account_id)
    await payments.erase(ordered)
    await catalog.erase(contacts)
    await favourites.erase(account_id)
    await loyalty.erase(account_id)
    await carts.erase(account_id)
    await sessions.close_all(account_id)
    await accounts.erase(account_id)


async def _contacts(account_id: int) -> list[str]:
    who, profile = await person(account_id), await profile_of(account_id)
    return [contact for contact in (who.email if who else "", profile.phone) if contact]
