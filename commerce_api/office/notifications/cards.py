"""The staff's card of an order: what it is, what became of it, and buttons for what can be done next.

A card is always made anew of the order as it stands, so that nobody acts on what is no longer true.
"""

import re
from typing import Final

from commerce_api.foundation.kit import clock, ids, money
from commerce_api.foundation.theming import Texts
from commerce_api.office.notifications import messages
from commerce_api.office.notifications.channels import Button, Rows
from commerce_api.shop.accounts.queries import person
from commerce_api.shop.dispatch.parcel import READY
from commerce_api.shop.orders.queries import OrderView, Step
from commerce_api.shop.orders.status import STAFF_CANCEL_REASONS, OrderStatus, Who, may_move
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.settlement.refunds import owed_back

PURPOSE: Final = "telegram-button"
CONFIRM: Final = "ok"
ASK_CANCEL: Final = "no"
CANCEL: Final = "no."
WAYBILL: Final = "waybill"
ASK_REFUND: Final = "refund"
REFUND: Final = "refund."
BACK: Final = "back"
_DATA: Final = re.compile(r"([a-z0-9_.]{1,20}):([0-9]{1,10})")


def data_of(verb: str, order_id: int, key: str) -> str:
    """What a button sends: the deed and the order, signed, in the 64 bytes that Telegram allows."""
    return ids.sign(f"{verb}:{order_id}", key, PURPOSE)


def read_data(data: str, key: str) -> tuple[str, int] | None:
    """Deed and order of a press, or None when the button is not ours."""
    found = _DATA.fullmatch(ids.unsign(data, key, PURPOSE) or "")
    return (found.group(1), int(found.group(2))) if found else None


async def card_text(order: OrderView, t: Texts) -> str:
    """The order and every step that it has gone since, in plain text."""
    steps = [step for step in order.history if step.field == "status" and step.old]
    told = [await _step(step, t) for step in steps]
    return "\n".join((messages.order_placed(order, t), *told))


async def _step(step: Step, t: Texts) -> str:
    who = t(f"notices.staff.who_{step.actor.partition(':')[0]}")
    account = step.actor.partition(":")[2]
    if account.isdecimal():
        known = await person(int(account))
        who = (known.name or known.email) if known else who
    at = step.at.astimezone(clock.KYIV)
    return t("notices.staff.step", status=t(f"order.status.{step.new}"), who=who, at=f"{at:%d.%m, %H:%M}")


async def refundable(order: OrderView) -> int:
    """What of an order's money could still be given back, in kopiyky: nothing of it is promised yet."""
    return max(0, order.paid - order.refunded - await owed_back(order.id))


async def card_rows(order: OrderView, t: Texts, key: str) -> Rows:
    """The deeds that the order's state allows."""

    def button(verb: str) -> Button:
        return Button(t(f"notices.staff.buttons.{verb}"), data_of(verb, order.id, key))

    offered = []
    if may_move(order.status, OrderStatus.CONFIRMED, Who.STAFF) and order.pay_type is PayType.COD:
        offered.append(button(CONFIRM))
    if order.status in READY:
        offered.append(button(WAYBILL))
    if may_move(order.status, OrderStatus.CANCELLED, Who.STAFF):
        offered.append(button(ASK_CANCEL))
    if await refundable(order):
        offered.append(button(ASK_REFUND))
    return (tuple(offered),) if offered else ()


def reason_rows(order: OrderView, t: Texts, key: str) -> Rows:
    """The reasons for a cancellation, one below the other, and a way back."""
    reasons = [
        (Button(t(f"office.orders.reasons.{reason.value}"), data_of(CANCEL + reason.value, order.id, key)),)
        for reason in STAFF_CANCEL_REASONS
    ]
    return (*reasons, _back(order, t, key))


async def refund_rows(order: OrderView, t: Texts, key: str) -> Rows:
    """The sum that would go back, to be said once more, and a way back. The button carries the sum that it shows: one
    that is no longer there is refused."""
    amount = await refundable(order)
    words = t("notices.staff.buttons.refund_all", amount=money.format_amount(amount))
    return ((Button(words, data_of(f"{REFUND}{amount}", order.id, key)),), _back(order, t, key))


def _back(order: OrderView, t: Texts, key: str) -> tuple[Button, ...]:
    return (Button(t("notices.staff.buttons.back"), data_of(BACK, order.id, key)),)
