"""What happens when somebody comes in: their session, their cart, what they like, and the orders that turn out to be
theirs."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import require_transaction, transact
from commerce_api.shop.accounts import sign_in
from commerce_api.shop.accounts.queries import Person
from commerce_api.shop.cart.browser import give_up_cart, guest_cart
from commerce_api.shop.cart.joining import join
from commerce_api.shop.favourites.browser import give_up_words, guest_words
from commerce_api.shop.favourites.service import merge
from commerce_api.shop.loyalty.service import settle
from commerce_api.shop.orders.claiming import claim_by_address, claim_by_link


async def welcome(request: Request, who: Person) -> None:
    """Open the session and bring along the guest's cart, and what they liked without scripts."""
    guest, liked = guest_cart(request), guest_words(request)

    async def work() -> int:
        if liked:
            await merge(who.id, liked)
        return await join(guest, who.id)

    await sign_in.enter(request, who)
    give_up_cart(request, await transact(work))
    give_up_words(request)


async def part(request: Request) -> None:
    """Sign this browser out; cart and favourites of the account stay with the account."""
    await sign_in.leave(request)
    give_up_cart(request, 0)
    give_up_words(request)


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
