"""Data to try the shop with: staff of every role and a few orders in several states. Running it again adds nothing."""

import secrets
from functools import partial
from typing import Final

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts import service as accounts
from commerce_api.shop.accounts.errors import EmailTaken
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.cart import service as carts
from commerce_api.shop.cart.freezing import freeze
from commerce_api.shop.catalog.feed import read_products
from commerce_api.shop.catalog.views import ProductView
from commerce_api.shop.checkout.service import Wish, place_order
from commerce_api.shop.orders import queries as orders
from commerce_api.shop.orders import service as order_service
from commerce_api.shop.orders.draft import Contact, Delivery
from commerce_api.shop.orders.status import Actor, CancelReason, OrderStatus, Who
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.pricing.shipping import DeliveryKind

LANGUAGE: Final = "uk"
SOURCE: Final = "demo"
CUSTOMERS: Final = (
    ("Покупець Перший", "+380670000001", "Харків", "Відділення 1"),
    ("Покупчиня Друга", "+380670000002", "Львів", "Відділення 12"),
    ("Покупець Третій", "+380670000003", "Одеса", "Відділення 7"),
    ("Покупчиня Четверта", "+380670000004", "Полтава", "Відділення 3"),
)
"""Nobody: names that say so, and numbers that belong to no person."""
STATES: Final[tuple[tuple[OrderStatus, ...], ...]] = (
    (),
    (OrderStatus.CONFIRMED,),
    (OrderStatus.CONFIRMED, OrderStatus.PACKED, OrderStatus.SHIPPED),
    (OrderStatus.CANCELLED,),
)
"""How far each of the orders has come."""


async def seed(settings: Settings) -> list[str]:
    """Make what is missing in the open database; says line by line what it made, passwords included."""
    return [*await _seed_staff(), *await _seed_orders(settings)]


async def _seed_staff() -> list[str]:
    said = []
    for role in Role:
        email, password = f"{role.value.replace('_', '-')}@twocomms.example", secrets.token_urlsafe(12)
        try:
            await transact(partial(accounts.create_staff, email, role.value, password, [role]))
        except EmailTaken:
            continue
        said.append(f"staff   {email}  {password}")
    return said or ["staff   every role has its account already"]


async def _seed_orders(settings: Settings) -> list[str]:
    if any(count for count in (await orders.figures()).values() if isinstance(count, int)):
        return ["orders  there are some already"]
    products = await read_products(None, settings.shop.languages)
    if not products:
        return ["orders  none: the catalogue is empty, run twocomms catalog import first"]
    said = []
    for number, (customer, states) in enumerate(zip(CUSTOMERS, STATES, strict=True)):
        chosen = [products[(number * 3 + step) % len(products)] for step in range(2)]
        placed = await transact(partial(_order, settings, customer, chosen))
        for state in states:
            reason = CancelReason.CUSTOMER_ASKED if state is OrderStatus.CANCELLED else None
            await transact(partial(order_service.change_status, placed, state, Actor(Who.STAFF), SOURCE, reason=reason))
        said.append(f"order   {placed}  {states[-1].value if states else 'new'}")
    return said


async def _order(settings: Settings, customer: tuple[str, str, str, str], products: list[ProductView]) -> str:
    """One order of one made-to-order piece of each product; returns its number."""
    token: str | None = None
    for product in products:
        sku = next(sku for variant in product.variants for sku in variant.skus if sku.available)
        token = (await carts.add(token, sku.code, 1, LANGUAGE)).token
    name, phone, city, branch = customer
    frozen = await freeze(token, LANGUAGE)
    totals = quote(frozen.priced, settings.shop, DeliveryKind.BRANCH, PayType.COD)
    wish = Wish(
        contact=Contact(name, phone, None),
        delivery=Delivery(DeliveryKind.BRANCH, city, branch),
        pay_type=PayType.COD,
        comment="",
        expected_total=totals.payable,
    )
    return (await place_order(wish, token, settings, LANGUAGE)).number
