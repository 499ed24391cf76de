"""What a notice says. Words come from the theme's texts; personal data only where the reader may have it."""

from commerce_api.foundation.kit import money
from commerce_api.foundation.theming import Texts
from commerce_api.shop.orders.queries import OrderView


def order_placed(order: OrderView, t: Texts) -> str:
    """The staff's notice of a new order: lines, delivery, total (rules.md 11)."""
    lines = [
        t(
            "notices.staff.line",
            name=line.name,
            colour=line.colour,
            size=line.size,
            quantity=line.quantity,
            total=money.format_amount(line.unit_price * line.quantity),
        )
        for line in order.lines
    ]
    head = t("notices.staff.order_placed", number=order.number, total=money.format_amount(order.payable))
    where = t("notices.staff.delivery", city=order.city, branch=order.branch)
    return "\n".join((head, *lines, where))


def order_moved(number: str, old: str, new: str, t: Texts) -> str:
    """The staff's notice of a problem with an order: cancelled, refused, returned."""
    return t("notices.staff.order_moved", number=number, old=t(f"order.status.{old}"), new=t(f"order.status.{new}"))
