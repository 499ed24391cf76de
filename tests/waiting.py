"""Waiting for what nobody announces: another process, a file, a thread."""

import asyncio
from collections.abc import Callable
from inspect import isawaitable
from typing import Final

import pytest

LIMIT: Final = 120.0
PAUSE: Final = 0.02


async def until(what: Callable[[], object], says: str, limit: float = LIMIT) -> None:
    """Waits for something to become true, or for what it awaits; the limit, in seconds, only ends a test that has
    failed."""
    try:
        async with asyncio.timeout(limit) as end:
            while not await _found(what()):  # noqa: ASYNC110 - what changes, changes where no event can be set
                await asyncio.sleep(PAUSE)
    except TimeoutError:
        if not end.expired():
            raise  # what was asked timed out by itself
        pytest.fail(f"never happened: {says}")


async def _found(said: object) -> object:
    return await said if isawaitable(said) else said
