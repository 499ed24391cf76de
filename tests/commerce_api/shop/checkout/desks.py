"""What tests of the desk do and look at."""

from functools import partial

from commerce_api.foundation.db.tx import transact
from commerce_api.shop.catalog.models import Sku
from commerce_api.shop.checkout import desk
from commerce_api.shop.orders.editing import Edit, Edited
from commerce_api.shop.orders.queries import OrderView
from commerce_api.shop.pricing.shipping import DeliveryKind
from tests.commerce_api.shop.orders.builders import STAFF
from tests.commerce_api.shop.pricing.builders import SHOP

WORDS = (DeliveryKind.BRANCH, "Львів", "біля школи")


async def edit(number: str, wanted: Edit) -> Edited:
    """The desk's edit in a transaction of its own."""
    return await transact(partial(desk.edit, number, wanted, STAFF, "test", SHOP))


async def counts(code: str) -> tuple[int | None, int]:
    sku = await Sku.get(code=code)
    return sku.stock, sku.reserved


def adds_up(order: OrderView) -> None:
    """The laws of one order (rules.md 1)."""
    assert order.gross == sum(line.line_total for line in order.lines)
    assert order.discount == sum(line.discount for line in order.lines)
    assert order.payable == order.gross - order.discount + order.shipping
    assert 0 <= order.due_now <= order.payable
