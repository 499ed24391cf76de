"""What staff do by pressing buttons in their chat: checked by role, written down, and done once (rules.md 11).

A press proves nothing by itself: anybody in the chat can press, and a program may send any data. Who acts is the
account whose owner joined this Telegram user to it, with the rights it has now.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.settings import ShopSettings
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.access import Audit
from commerce_api.foundation.web.error_texts import error_sentence
from commerce_api.office.notifications.cards import (
    ASK_CANCEL,
    ASK_REFUND,
    BACK,
    CANCEL,
    CONFIRM,
    REFUND,
    WAYBILL,
    card_rows,
    card_text,
    read_data,
    reason_rows,
    refund_rows,
)
from commerce_api.office.notifications.channels import Rows
from commerce_api.office.notifications.handlers import STAFF_LANGUAGE
from commerce_api.office.notifications.updates import Spoken
from commerce_api.shop.accounts import chats
from commerce_api.shop.accounts.queries import Person
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.dispatch.waybills import label_of, make_waybill
from commerce_api.shop.orders import service as orders
from commerce_api.shop.orders.queries import OrderView, order_by_id
from commerce_api.shop.orders.status import Actor, CancelReason, OrderStatus, Who
from commerce_api.shop.payments.gateway import PaymentGateway
from commerce_api.shop.settlement import refunds
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.errors import NoCarrier

SOURCE: Final = "telegram"

File = tuple[str, bytes, str] | None
"""Name, content and words."""

log = telemetry.logger(__name__)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press came to: words that pass over the screen, the message as it stands now ("" leaves it), a file."""

    note: str
    text: str = ""
    rows: Rows = ()
    file: File = None


@dataclass(frozen=True, slots=True)
class Hands:
    """What deeds need: where they are written down, the shop's secret and rules, bank and carrier while there are."""

    audit: Audit
    key: str
    shop: ShopSettings = field(default_factory=ShopSettings)
    gateway: PaymentGateway | None = None
    carrier: Carrier | None = None


async def press(said: Spoken, hands: Hands) -> Pressed:
    """Do what a button says, if its presser may; refusals are words, not errors. This is an edge: a deed opens its own
    transaction, and may speak to the bank after it."""
    t, key = texts(STAFF_LANGUAGE), hands.key
    asked = read_data(said.text, key)
    who = await chats.owner_of_chat(said.user_id)
    if asked is None or who is None or not who.may(Role.ORDERS):
        log.warning("button_refused", known=who is not None, ours=asked is not None)
        return Pressed(t("notices.staff.not_joined" if who is None else "notices.staff.not_allowed"))
    verb, order_id = asked
    order = await order_by_id(order_id)
    if verb == ASK_CANCEL:
        return Pressed("", await card_text(order, t), reason_rows(order, t, key))
    if verb == ASK_REFUND:
        return Pressed("", await card_text(order, t), await refund_rows(order, t, key))
    note, file = ("", None) if verb == BACK else await _done(verb, order, who, hands)
    now = await order_by_id(order_id)
    return Pressed(note, await card_text(now, t), await card_rows(now, t, key), file)


async def _done(verb: str, order: OrderView, who: Person, hands: Hands) -> tuple[str, File]:
    """Do it, and say what came of it."""
    try:
        file = await _do(verb, order, who, hands)
    except ShopError as refused:
        return error_sentence(refused, STAFF_LANGUAGE), None
    return texts(STAFF_LANGUAGE)("notices.staff.done"), file


async def _do(verb: str, order: OrderView, who: Person, hands: Hands) -> File:
    if verb == WAYBILL:
        return await _waybill(order, who, hands)
    if verb == CONFIRM:
        await _move(order, OrderStatus.CONFIRMED, who, hands.audit, None)
    elif verb.startswith(CANCEL):
        await _move(order, OrderStatus.CANCELLED, who, hands.audit, CancelReason(verb.removeprefix(CANCEL)))
    elif verb.startswith(REFUND):
        await _refund(order, int(verb.removeprefix(REFUND)), who, hands)
    return None


async def _move(order: OrderView, to: OrderStatus, who: Person, audit: Audit, reason: CancelReason | None) -> None:
    async def work() -> None:
        await orders.change_status(order.number, to, Actor(Who.STAFF, who.id), SOURCE, reason=reason)
        changes = {"status": [order.status.value, to.value], "reason": reason.value if reason else "", "by": SOURCE}
        await audit(who.id, "order.confirm" if to is OrderStatus.CONFIRMED else "order.cancel", order.number, changes)

    await transact(work)


async def _waybill(order: OrderView, who: Person, hands: Hands) -> File:
    """Make the waybill, or find the one there is, and its label to print. The carrier is asked outside transactions.

    Raises NoCarrier and what dispatch raises.
    """
    if hands.carrier is None:
        raise NoCarrier()
    made = await make_waybill(order.number, Actor(Who.STAFF, who.id), hands.carrier, hands.shop)
    changes = {"waybill": made.waybill, "cash": made.cash, "by": SOURCE}
    await transact(partial(hands.audit, who.id, "waybill.make", order.number, changes))
    waybill, label = await label_of(order.number, hands.carrier)
    words = texts(STAFF_LANGUAGE)("notices.staff.label", number=order.number, waybill=waybill)
    return f"{waybill}.pdf", label, words


async def _refund(order: OrderView, amount: int, who: Person, hands: Hands) -> None:
    """Queue the refund, and ask the bank for it; what the bank does not do at once waits in the queue."""

    async def work() -> list[int]:
        reason = texts(STAFF_LANGUAGE)("notices.staff.refund_reason")
        made = await refunds.order_refund(order.id, amount, reason, str(Actor(Who.STAFF, who.id)))
        await hands.audit(who.id, "order.refund", order.number, {"amount": amount, "by": SOURCE})
        return made

    made = await transact(work)
    if hands.gateway is not None:
        await refunds.send_all(hands.gateway, made, SOURCE)
