"""A sidecar that begins while the carrier takes calls and says nothing: its first shopper waits for nothing either."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from commerce_api.app import make_sidecar
from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.background import Background
from commerce_api.shop.shipping.directory import Point
from commerce_api.shop.shipping.models import DeliveryQuote
from commerce_api.shop.shipping.quotes import PATIENCE, sound_out
from commerce_api.wiring import Adapters
from tests.commerce_api.shop.cart.builders import put_on_shelf, shopper
from tests.commerce_api.shop.checkout.builders import fill, tokens, total_at
from tests.commerce_api.shop.shipping.builders import Line, a_point, mirrored
from tests.services import copy_sqlite
from tests.waiting import until

pytestmark = pytest.mark.anyio
BY_SETTINGS, BY_CARRIER = 8_000, 7_400


@pytest.fixture
async def places(anyio_backend: str, settings: Settings) -> list[Point]:
    """Points in two cities that are not the biggest, of a shop that sells and is closed again."""
    await copy_sqlite(settings)
    async with setup.opened(settings):
        await mirrored()
        await put_on_shelf()
        return [await a_point(name) for name in ("Полтава", "Суми")]


@asynccontextmanager
async def begun(settings: Settings, line: Line) -> AsyncIterator[httpx2.AsyncClient]:
    """A shopper with one piece in the cart, the first of a sidecar that has just begun."""
    app = make_sidecar(settings, Adapters(carrier=line.carrier()))
    async with app.router.lifespan_context(app), shopper(app, settings) as client:
        await fill(client, {"TC-KOLOS-TEE-COAL-M": 1})
        yield client


async def told(prices: int) -> None:
    """Waits until the carrier has told so many."""

    async def kept() -> bool:
        return await DeliveryQuote.all().count() >= prices

    await until(kept, f"{prices} prices are told")


async def test_the_first_shopper_of_a_sidecar_does_not_wait_for_a_carrier_that_hangs(
    settings: Settings, places: list[Point]
) -> None:
    line, answered = Line(), asyncio.Event()
    line.held = answered
    async with begun(settings, line) as client:
        # when somebody chooses a place, then the settings speak at once, and the carrier is asked all the same
        start = time.monotonic()
        first = await total_at(client, tokens(places[0], settings))
        assert time.monotonic() - start < PATIENCE / 2
        answered.set()
        await told(2)
        second = await total_at(client, tokens(places[1], settings))

    assert first["shipping"] == BY_SETTINGS
    assert second["shipping"] == BY_CARRIER, "it speaks again, so it is waited for again"


async def test_the_first_shopper_of_a_sidecar_is_told_the_price_of_a_carrier_that_answers(
    settings: Settings, places: list[Point]
) -> None:
    async with begun(settings, Line()) as client:
        await told(1)
        first = await total_at(client, tokens(places[0], settings))

    assert first["shipping"] == BY_CARRIER


async def test_a_shop_without_a_directory_waits_for_its_carrier_as_ever(sqlite_database: Settings) -> None:
    line, background = Line(), Background()
    await sound_out(line.carrier(), background)
    await background.finish()

    assert (line.asked, background.slow) == ([], set())
