"""A sandbox without a network, at noon of a day on which nothing has happened."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest

from sandbox.app import create
from sandbox.clock import Clock
from sandbox.world import World
from tests.sandbox.shapes.held import HOST


@pytest.fixture
def world() -> World:
    async def at_once(_seconds: float) -> None:
        return

    return World(HOST, clock=Clock(datetime(2026, 11, 29, 12, tzinfo=UTC), speed=0), sleep=at_once)


@pytest.fixture
async def web(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create(world))
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client
    await world.settle()
