"""The hot paths as the ORM says them: what plain SQL has to agree with, row for row."""

from collections import Counter
from collections.abc import Iterable, Mapping

from tortoise.connection import get_connection
from tortoise.expressions import F

from commerce_api.foundation.db.tx import lock_rows
from commerce_api.foundation.kit import clock, ids
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.catalog.models import MovementReason, Sku, StockMovement
from commerce_api.shop.catalog.queries import Offer, is_published, offers, shelf
from commerce_api.shop.orders import numbering
from commerce_api.shop.orders.draft import OrderDraft
from commerce_api.shop.orders.models import Order, OrderLine, StatusChange
from commerce_api.shop.orders.placing import search_text
from commerce_api.shop.orders.status import OrderStatus


async def offers_by_orm(codes: Iterable[str]) -> dict[str, Offer]:
    """What `catalog.queries.offers` answers."""
    found = {}
    related = ("variant__colour", "variant__product__category", "variant__product__texts", "variant__images")
    for sku in await Sku.filter(code__in=list(codes)).prefetch_related(*related):
        variant, product = sku.variant, sku.variant.product
        price, old_price = shelf(product.price, variant.price, product.discount_percent)
        images = sorted(variant.images, key=lambda image: (image.position, image.id))
        found[sku.code] = Offer(
            code=sku.code,
            product=product.slug,
            category=product.category.slug,
            names={text.lang: text.name for text in product.texts},
            colour=variant.colour.slug,
            colour_names=variant.colour.names,
            size=sku.size,
            fit=sku.fit.value,
            price=price,
            old_price=old_price,
            available=sku.stock,
            image=images[0].key if images else "",
            points=product.points,
            active=sku.active and variant.active and is_published(product.status),
        )
    return found


async def add_by_orm(token: str | None, sku: str, quantity: int) -> str:
    """What `cart.service.add` stores; the cart's token."""
    offer = (await offers([sku]))[sku]
    cart = await Cart.get_or_none(token_digest=ids.digest(token)) if token else None
    if cart is None or token is None:
        token, at = ids.token(), clock.now()
        cart = await Cart.create(token_digest=ids.digest(token), created_at=at, seen_at=at)
    await Cart.filter(id=cart.id).update(seen_at=clock.now())
    if await CartLine.filter(cart_id=cart.id, sku=sku).update(quantity=F("quantity") + quantity, name=offer.name("uk")):
        return token
    await CartLine.create(
        cart_id=cart.id,
        sku=sku,
        name=offer.name("uk"),
        quantity=quantity,
        seen_price=offer.price,
        added_at=clock.now(),
    )
    return token


async def place_by_orm(draft: OrderDraft) -> str:
    """What `orders.placing.place` stores of stock, order, lines and history; the number."""
    wanted: Counter[str] = Counter()
    for line in draft.lines:
        wanted[line.sku] += line.quantity
    counted = [sku for sku in await lock_rows(Sku.filter(code__in=list(wanted))) if sku.stock is not None]
    for sku in counted:
        quantity = wanted[sku.code]
        await Sku.filter(id=sku.id).update(stock=F("stock") - quantity, reserved=F("reserved") + quantity)
    number = await numbering.next_number(numbering.RETAIL)
    order = await _order(draft, number)
    await _lines(order, draft, {sku.code for sku in counted})
    for sku in counted:
        await StockMovement.create(
            sku_id=sku.id,
            at=clock.now(),
            reason=MovementReason.RESERVE,
            stock_change=-wanted[sku.code],
            held_change=wanted[sku.code],
            cause=number,
            actor="customer",
        )
    await StatusChange.create(
        order_id=order.id, at=clock.now(), field="status", new=OrderStatus.NEW, actor="customer", source="checkout"
    )
    return number


async def _order(draft: OrderDraft, number: str) -> Order:
    contact, delivery, totals = draft.contact, draft.delivery, draft.totals
    return await Order.create(
        number=number,
        token=ids.token(),
        channel=draft.channel,
        pay_type=draft.pay_type,
        account_id=draft.account_id,
        lang=draft.lang,
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        delivery_kind=delivery.kind,
        city=delivery.city,
        branch=delivery.branch,
        comment=draft.comment,
        gross=totals.goods,
        discount=totals.discount,
        shipping=totals.shipping,
        payable=totals.payable,
        due_now=totals.due_now,
        search=search_text(number, contact.name, contact.phone, contact.email),
        placed_at=clock.now(),
        updated_at=clock.now(),
    )


async def _lines(order: Order, draft: OrderDraft, held: set[str]) -> None:
    for position, (line, share) in enumerate(zip(draft.lines, draft.totals.shares, strict=True), start=1):
        await OrderLine.create(
            order_id=order.id,
            position=position,
            sku=line.sku,
            product=line.product,
            name=line.name,
            colour=line.colour,
            size=line.size,
            fit=line.fit,
            image=line.image,
            unit_price=line.unit_price,
            quantity=line.quantity,
            discount=share,
            points=line.points,
            reserved=line.sku in held,
        )


async def stored(table: str, leave_out: frozenset[str] = frozenset()) -> list[Mapping[str, object]]:
    """The rows of a table as the driver gives them, in the order in which they came, without some columns."""
    rows = await get_connection("default").execute_query_dict(f"SELECT * FROM {table} ORDER BY id")
    return [{name: value for name, value in row.items() if name not in leave_out} for row in rows]
