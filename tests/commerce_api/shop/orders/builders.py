"""Orders as the till would place them."""

from commerce_api.foundation.db.tx import transact
from commerce_api.shop.catalog.queries import offers
from commerce_api.shop.orders.draft import Contact, Delivery, DraftLine, OrderDraft
from commerce_api.shop.orders.placing import PlacedOrder, place
from commerce_api.shop.orders.status import Actor, Who
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind
from tests.commerce_api.shop.pricing.builders import SHOP

CUSTOMER = Actor(Who.CUSTOMER)
STAFF = Actor(Who.STAFF, 7)


async def draft(
    wanted: dict[str, int],
    *,
    name: str = "Шевченко Оксана",
    phone: str = "+380671234567",
    email: str | None = "oksana@example.com",
    pay_type: PayType = PayType.COD,
    account_id: int | None = None,
) -> OrderDraft:
    """A draft of SKU codes and quantities at today's prices."""
    found = await offers(wanted)
    return OrderDraft(
        lang="uk",
        contact=Contact(name, phone, email),
        delivery=Delivery(DeliveryKind.BRANCH, "Харків", "Відділення 12"),
        pay_type=pay_type,
        comment="",
        lines=tuple(
            DraftLine(
                sku=sku,
                product=found[sku].product,
                name=found[sku].name("uk"),
                colour=found[sku].colour_name("uk"),
                size=found[sku].size,
                fit=found[sku].fit,
                image=found[sku].image,
                unit_price=found[sku].price,
                quantity=quantity,
                points=found[sku].points,
            )
            for sku, quantity in wanted.items()
        ),
        totals=quote([PricedLine(s, found[s].price, q) for s, q in wanted.items()], SHOP, pay_type=pay_type),
        account_id=account_id,
    )


async def placed(wanted: dict[str, int], **details: object) -> PlacedOrder:
    """An order in the database."""
    ready = await draft(wanted, **details)  # type: ignore[arg-type]
    return await transact(lambda: place(ready, CUSTOMER, "checkout"))
