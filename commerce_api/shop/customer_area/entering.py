"""What happens when somebody comes in: their session, their cart, and the orders that turn out to be theirs."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import require_transaction, transact
from commerce_api.shop.accounts import sign_in
from commerce_api.shop.accounts.queries import Person
from commerce_api.shop.cart.browser import give_up_cart, guest_cart
from commerce_api.shop.cart.joining import join
from commerce_api.shop.loyalty.service import settle
from commerce_api.shop.orders.claiming import claim_by_address, claim_by_link


async def welcome(request: Request, who: Person) -> None:
    """Open the session and bring the guest's cart along."""
    guest = guest_cart(request)
    await sign_in.enter(request, who)
    pieces = await transact(lambda: join(guest, who.id))
    give_up_cart(request, pieces)


async def part(request: Request) -> None:
    """Sign this browser out; the account's cart stays with the account."""
    await sign_in.leave(request)
    give_up_cart(request, 0)


async def take_over_by_address(who: Person) -> int:
    """Guests' orders placed with the address that was proven, points included; how many. Raises NoTransaction."""
    require_transaction()
    orders = await claim_by_address(who.id, who.email)
    for order_id in orders:
        await settle(order_id)
    return len(orders)


async def take_over_by_link(account_id: int, token: str, phone: str) -> None:
    """The order behind a secret link whose phone somebody knows. Raises ClaimRefused, and NoTransaction."""
    require_transaction()
    await settle(await claim_by_link(account_id, token, phone))
