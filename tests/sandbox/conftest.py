"""A sandbox that is served over a socket, for clients that need one."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from deploy.services import free_port
from sandbox.serve import server
from sandbox.world import World


@pytest.fixture
def world() -> World:
    """A sandbox in which nothing has happened."""
    return World()


@pytest.fixture
async def served(world: World) -> AsyncIterator[str]:
    """The address of `world`, served."""
    port = free_port()
    world.public_url = f"http://127.0.0.1:{port}"
    serving = server(world, port)
    task = asyncio.ensure_future(serving.serve())
    try:
        async with asyncio.timeout(10):
            while not serving.started:  # noqa: ASYNC110 - the server has no event to wait for
                await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.should_exit = True
        await task
