"""The sandbox as one application: every emulator under its own path, the pages about all of them beside.

A new emulator is a module with `def app(world: World) -> ASGIApp`, its line in EMULATORS below, in SERVICES of
sandbox/environment.py (then `make run` leads the shop to it), in COMPLAINTS of sandbox/complaints.py and, if people
look at it, in MENU of sandbox/looks.py.
Its own faults are told by `world.faults.offer(service, ...)` and asked for by `world.faults.strikes(service, ...)`.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from sandbox import google, monobank, nova_poshta, openai, pages, s3, telegram, telegram_id
from sandbox.wire import faulty
from sandbox.world import World

EMULATORS: Final[Mapping[str, Callable[[World], ASGIApp]]] = {
    "google": google.app,
    "monobank": monobank.app,
    "nova-poshta": nova_poshta.app,
    "openai": openai.app,
    "s3": s3.app,
    "telegram": telegram.app,
    "telegram-id": telegram_id.app,
}
"""The emulators by the first part of their paths."""


def emulator(service: str, world: World) -> ASGIApp:
    """One emulator behind the switches of the wire, for tests that need no more: its paths begin at `/`."""
    return faulty(EMULATORS[service](world), service, world)


def create(world: World | None = None) -> Starlette:
    """The whole sandbox over a world, or over a new one."""
    here = world or World()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await here.aclose()

    mounts = [Mount(f"/{service}", emulator(service, here)) for service in EMULATORS]
    made = Starlette(routes=[*pages.ROUTES, *mounts], lifespan=lifespan)
    made.state.world = here
    return made
