"""What the staff are told (rules.md 11). Each handler may run more than once and tells once."""

from collections.abc import Awaitable, Callable

from commerce_api.foundation.events import (
    OrderPlaced,
    OrderStatusChanged,
    PaymentChanged,
    RefundQueued,
    RestockArrived,
    WaybillDead,
    WebhookRejected,
)
from commerce_api.foundation.kit import clock, money
from commerce_api.foundation.theming import texts
from commerce_api.office.notifications import messages
from commerce_api.office.notifications.cards import card_rows, card_text
from commerce_api.office.notifications.channels import StaffChannel
from commerce_api.office.notifications.service import tell_staff
from commerce_api.shop.catalog import restock
from commerce_api.shop.orders.queries import order_by_id

STAFF_LANGUAGE = "uk"
KNOWN_ENDS = frozenset({"not_found", "too_long", "cash_missing", "removed"})
"""Why a waybill is followed no more; any other reason is the code of a refusal."""
PROBLEMS = frozenset({"cancelled", "refused", "returned"})
"""Statuses that the staff hear about; the usual course of an order tells itself."""


def on_order_placed(channel: StaffChannel, key: str) -> Callable[[OrderPlaced], Awaitable[None]]:
    """Tell the staff that an order came in, with buttons (signed with `key`) for what they may do next."""

    async def handle(event: OrderPlaced) -> None:
        order, t = await order_by_id(event.order_id), texts(STAFF_LANGUAGE)
        text, rows = await card_text(order, t), await card_rows(order, t, key)
        await tell_staff(channel, f"order_placed:{event.number}", text, rows)

    return handle


def on_order_status_changed(channel: StaffChannel) -> Callable[[OrderStatusChanged], Awaitable[None]]:
    """Tell the staff of an order that was cancelled, refused or returned."""

    async def handle(event: OrderStatusChanged) -> None:
        if event.new in PROBLEMS:
            text = messages.order_moved(event.number, event.old, event.new, texts(STAFF_LANGUAGE))
            await tell_staff(channel, f"order_{event.new}:{event.number}", text)

    return handle


def on_payment_changed(channel: StaffChannel) -> Callable[[PaymentChanged], Awaitable[None]]:
    """Tell the staff of money that came, failed to, or went back: each once."""

    async def handle(event: PaymentChanged) -> None:
        order = await order_by_id(event.order_id)
        text = messages.payment_changed(event, order, texts(STAFF_LANGUAGE))
        if text:
            # By the step and not by the sums: those have moved on when two changes are told late.
            await tell_staff(channel, f"payment:{event.new}:{event.number}:{event.step}", text)

    return handle


def on_refund_queued(channel: StaffChannel) -> Callable[[RefundQueued], Awaitable[None]]:
    """Tell the staff that money has to go back."""

    async def handle(event: RefundQueued) -> None:
        amount = money.format_amount(event.amount)
        t = texts(STAFF_LANGUAGE)
        reason = t(f"notices.staff.refund_reasons.{event.reason}")
        text = t("notices.staff.refund_queued", number=event.number, amount=amount, reason=reason)
        await tell_staff(channel, f"refund_queued:{event.refund_id}", text)

    return handle


def on_webhook_rejected(channel: StaffChannel) -> Callable[[WebhookRejected], Awaitable[None]]:
    """Tell the staff that somebody speaks to a webhook in a service's name: once an hour, however often it happens."""

    async def handle(event: WebhookRejected) -> None:
        text = texts(STAFF_LANGUAGE)("notices.staff.webhook_rejected", service=event.service)
        await tell_staff(channel, f"webhook_rejected:{event.service}:{clock.now():%Y%m%dT%H}", text)

    return handle


def on_waybill_dead(channel: StaffChannel) -> Callable[[WaybillDead], Awaitable[None]]:
    """Tell the staff of a parcel that somebody has to see to."""

    async def handle(event: WaybillDead) -> None:
        t = texts(STAFF_LANGUAGE)
        # What the carrier or a rule of ours refused is told by the code of its error.
        reason = t(f"notices.staff.waybill_reasons.{event.reason}") if event.reason in KNOWN_ENDS else event.reason
        text = t("notices.staff.waybill_dead", number=event.number, reason=reason)
        await tell_staff(channel, f"waybill_dead:{event.number}:{event.shipment_id}:{event.reason}", text)

    return handle


def on_restock_arrived(channel: StaffChannel) -> Callable[[RestockArrived], Awaitable[None]]:
    """Tell of each person who waited for the SKU, once for each wait; the full contact stands in the office."""

    async def handle(event: RestockArrived) -> None:
        for wish in await restock.waiting_for(event.sku):
            text = messages.restock_arrived(wish, event.product, texts(STAFF_LANGUAGE))
            await tell_staff(channel, f"restock:{wish.id}:{wish.asked_at:%Y%m%dT%H%M%S.%f}", text)
            await restock.mark_told(wish.id)

    return handle
