"""Trouble reaches the staff without anybody looking for it, and does not shout."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from commerce_api.foundation.events import RefundQueued, WaybillDead, WebhookRejected
from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent
from commerce_api.foundation.publishing.service import BuildReport, keep_report
from commerce_api.foundation.settings import Settings
from commerce_api.office.notifications.handlers import on_refund_queued, on_waybill_dead, on_webhook_rejected
from commerce_api.office.notifications.watching import watch
from tests.commerce_api.office.notifications.test_handlers import Pinboard

pytestmark = pytest.mark.anyio


@dataclass
class Service:
    service: str = "monobank"
    silent: bool = False


def report(*errors: str) -> BuildReport:
    return BuildReport("full", "r1", (), (), (), 5, errors)


async def test_a_build_that_failed_is_told_once_an_hour(database: Settings) -> None:
    board = Pinboard()
    job = watch(board, ())
    await keep_report(report())
    await job()
    assert board.texts == []
    for _ in range(3):
        await keep_report(report("product.md: price is missing"))
        await job()
    assert len(board.texts) == 1
    assert "price is missing" in board.texts[0]


async def test_a_service_that_fell_silent_and_deliveries_given_up_are_told(sqlite_database: Settings) -> None:
    board, service, now = Pinboard(), Service(silent=True), clock.now()
    event = await OutboxEvent.create(name="x", payload={}, created_at=now)
    await Delivery.create(event_id=event.id, handler="x", state=DeliveryState.DEAD, available_at=now)
    with clock.frozen(now):
        for _ in range(2):
            await watch(board, [service])()
    assert len(board.texts) == 2
    with clock.frozen(now + timedelta(hours=1)):
        await watch(board, [service])()
    assert len(board.texts) == 4


async def test_forged_messages_are_told_once_an_hour(sqlite_database: Settings) -> None:
    board, now = Pinboard(), clock.now()
    for hours in (0, 0, 1):
        with clock.frozen(now + timedelta(hours=hours)):
            await on_webhook_rejected(board)(WebhookRejected("telegram"))
    assert len(board.texts) == 2


async def test_money_that_has_to_go_back_and_a_dead_waybill_are_told_once(sqlite_database: Settings) -> None:
    board = Pinboard()
    for _ in range(2):
        await on_refund_queued(board)(RefundQueued(3, 1, "TWC29112026N01", 129_900, "late"))
        await on_waybill_dead(board)(WaybillDead(1, "TWC29112026N01", 4, "removed"))
    assert len(board.texts) == 2
    assert "перевізника" in board.texts[1]
    assert "1 299 ₴" in board.texts[0].replace("\u00a0", " ")
