"""A sandbox that is served over a socket, for clients that need one."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from deploy.services import free_port
from sandbox.serve import server
from sandbox.world import World
from tests.waiting import until


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
        await until(lambda: serving.started, "the sandbox serves")
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.should_exit = True
        await task
