"""The door for Telegram: only who knows the secret is heard, each update once (lessons.md 32)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from commerce_api.foundation import metrics, settings
from commerce_api.foundation.events import UpdateReceived, WebhookRejected
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.outside_settings import Telegram
from commerce_api.foundation.settings import BadSettings, Settings
from commerce_api.office.notifications.models import TelegramUpdate
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.customer_area.builders import whole_shop

pytestmark = pytest.mark.anyio

SECRET = "a-secret-of-telegram-and-the-shop"
PATH = "/webhooks/telegram"
UPDATE = {
    "update_id": 41,
    "message": {"message_id": 1, "from": {"id": 5}, "chat": {"id": 5, "type": "private"}, "text": "/help"},
}


@pytest.fixture
async def door(database: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who speaks to the webhook of a shop with a bot."""
    told = replace(database, outside=replace(database.outside, telegram=_with_secret(database)))
    async with shopper(whole_shop(told), told) as client:
        yield client


def _with_secret(given: Settings) -> Telegram:
    return replace(given.outside.telegram, webhook_secret=SECRET)


def proof(secret: str) -> dict[str, str]:
    return {"x-telegram-bot-api-secret-token": secret}


async def test_an_update_with_the_secret_is_stored_and_answered_later(door: httpx2.AsyncClient) -> None:
    for _ in range(3):
        answer = await door.post(PATH, json=UPDATE, headers=proof(SECRET))
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert await TelegramUpdate.all().count() == 1
    assert await OutboxEvent.filter(name=UpdateReceived.__name__).count() == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper()])
async def test_a_forged_update_is_refused_counted_and_told_to_the_staff(
    door: httpx2.AsyncClient, secret: str | None
) -> None:
    before = metrics.WEBHOOKS.read("telegram", "forged")
    answer = await door.post(PATH, json=UPDATE, headers=proof(secret) if secret is not None else {})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_telegram")
    assert metrics.WEBHOOKS.read("telegram", "forged") == before + 1
    assert await TelegramUpdate.all().count() == 0
    (event,) = await OutboxEvent.all()
    assert event.name == WebhookRejected.__name__


async def test_a_shop_without_a_secret_lets_nobody_in(sqlite_database: Settings) -> None:
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        for given in ("", "anything"):
            assert (await client.post(PATH, json=UPDATE, headers=proof(given))).status_code == 403


async def test_a_storm_of_forged_updates_does_not_fill_the_outbox(sqlite_database: Settings) -> None:
    told = replace(sqlite_database, limits=True)
    async with shopper(whole_shop(told), told) as client:
        for _ in range(20):
            assert (await client.post(PATH, json=UPDATE, headers=proof("no"))).status_code == 403
    assert await OutboxEvent.all().count() == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"update_id": "x"}', b'{"update_id": -1}', b'{"update_id": 1e99}']
)
async def test_what_is_no_update_is_refused_and_breaks_nothing(door: httpx2.AsyncClient, body: bytes) -> None:
    answer = await door.post(PATH, content=body, headers=proof(SECRET))
    assert answer.status_code == 400
    assert await TelegramUpdate.all().count() == 0


def test_production_refuses_a_bot_without_a_secret(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refused:
        settings.parse({"TWOCOMMS_ENV": "production", "TELEGRAM_BOT_TOKEN": "1:abc"})
    assert any("TELEGRAM_WEBHOOK_SECRET" in problem for problem in refused.value.problems)
