"""Using codes: a use is reserved with the order, confirmed by its payment, released when the order is cancelled.

A counter changes by one conditional UPDATE under a CHECK, so that twenty who try a code with five uses left are five
who use it (rules.md 4). Every function joins the transaction of its caller and raises NoTransaction without one.
"""

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F, Q

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import lock_rows, require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.pricing.codes import CodeTerms
from commerce_api.shop.promotions.customers import Customer, use_keys
from commerce_api.shop.promotions.errors import PromoAlreadyUsed, PromoGroupUsed, PromoUsedUp
from commerce_api.shop.promotions.models import PromoCode, PromoUse, UseState


async def claim(terms: CodeTerms) -> None:
    """Take one use of a code. Raises PromoUsedUp when none is left or the code was switched off meanwhile."""
    require_transaction()
    free = PromoCode.filter(Q(max_uses__isnull=True) | Q(uses__lt=F("max_uses")), id=terms.id, active=True)
    if not await free.update(uses=F("uses") + 1):
        raise PromoUsedUp(terms.code)


async def reserve(terms: CodeTerms, customer: Customer, order_id: int, discount: int, *, confirmed: bool) -> None:
    """Note the claimed use for an order; `confirmed` at once for cash on delivery.

    Raises PromoAlreadyUsed or PromoGroupUsed when this customer has used what may be used once; the caller's rollback
    then gives the claim back.
    """
    require_transaction()
    keys, at = use_keys(terms, customer), clock.now()
    row = {
        "promo_id": terms.id,
        "order_id": order_id,
        "state": UseState.CONFIRMED if confirmed else UseState.RESERVED,
        "discount": discount,
        "phone_key": keys.phone,
        "email_key": keys.email,
        "created_at": at,
        "changed_at": at,
    }
    try:
        async with savepoint():
            await plain.insert(PromoUse, row)
    except IntegrityError:
        raise (PromoGroupUsed if terms.group else PromoAlreadyUsed)(terms.code) from None


async def confirm(order_id: int) -> bool:
    """The order was paid: its use is final. False when it has none that waits."""
    require_transaction()
    waiting = PromoUse.filter(order_id=order_id, state=UseState.RESERVED)
    return bool(await waiting.update(state=UseState.CONFIRMED, changed_at=clock.now()))


async def revalue(order_id: int, discount: int) -> None:
    """The order was edited: its use takes `discount` kopiyky off now."""
    require_transaction()
    await (
        PromoUse.filter(order_id=order_id)
        .exclude(state=UseState.RELEASED)
        .update(discount=discount, changed_at=clock.now())
    )


async def release(order_id: int) -> bool:
    """The order was cancelled or expired: the use can be taken by somebody else, or by the same customer again.

    False when the order holds none; a second release changes nothing.
    """
    require_transaction()
    use = await PromoUse.get_or_none(order_id=order_id).only("id", "promo_id", "state")
    if use is None or use.state is UseState.RELEASED:
        return False
    # The code before its use, as placing takes them: else the two could wait for each other.
    await lock_rows(PromoCode.filter(id=use.promo_id))
    given_back = await PromoUse.filter(id=use.id, state=use.state).update(
        state=UseState.RELEASED, phone_key=None, email_key=None, changed_at=clock.now()
    )
    if given_back:
        await PromoCode.filter(id=use.promo_id).update(uses=F("uses") - 1)
    return bool(given_back)
