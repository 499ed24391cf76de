"""Waiting for what nobody announces: another process, a file, a thread."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

LIMIT: Final = 120.0
PAUSE: Final = 0.02


async def until(what: Callable[[], Awaitable[object]], says: str, limit: float = LIMIT) -> None:
    """Waits for something to become true; the limit, in seconds, only ends a test that has failed."""
    try:
        async with asyncio.timeout(limit):
            while not await what():  # noqa: ASYNC110 - what changes, changes where no event can be set
                await asyncio.sleep(PAUSE)
    except TimeoutError:
        pytest.fail(f"never happened: {says}")
