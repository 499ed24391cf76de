"""Sidecars in processes of their own that ask at the same moment, and one that buys until it is killed."""

import asyncio
import logging
import multiprocessing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, Final

import httpx2

from commerce_api.foundation import crash, telemetry
from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings
from tests.commerce_api.shop.customer_area.builders import whole_shop

FORKS: Final = multiprocessing.get_context("forkserver")
"""Processes are forked off one that has imported everything and opened nothing: to start costs them nothing."""
FORKS.set_forkserver_preload(["tests.stress.racers", "tests.stress.processes"])
PATIENCE: Final = 120
"""Seconds after which a process that does not come is given up."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as a browser or program sends it."""

    method: str
    path: str
    json: Any = None
    form: dict[str, str] | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered; `body` is that of JSON answers, `{}` for pages."""

    status: int
    body: dict[str, Any]


async def send(client: httpx2.AsyncClient, ask: Ask) -> Said:
    """The answer to one request; the client keeps no cookies of it."""
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in ask.cookies.items())} if ask.cookies else {}
    client.cookies.clear()
    answer = await client.request(ask.method, ask.path, json=ask.json, data=ask.form, headers={**cookie, **ask.headers})
    is_json = "json" in answer.headers.get("content-type", "")
    return Said(answer.status_code, answer.json() if is_json else {})


async def _answer(
    settings: Settings, asks: Iterable[Ask], before: Callable[[], object], tell: Callable[[Said], object]
) -> None:
    telemetry.configure_logging(settings, process="racer", level=logging.ERROR)
    async with setup.opened(settings):
        transport = httpx2.ASGITransport(app=whole_shop(settings))
        headers = {"origin": settings.site_url, "accept-language": "uk"}
        async with httpx2.AsyncClient(transport=transport, base_url=settings.site_url, headers=headers) as client:
            for ask in asks:
                before()
                tell(await send(client, ask))


def _race(settings: Settings, asks: list[Ask], barrier: Barrier, pipe: Connection) -> None:
    asyncio.run(_answer(settings, asks, lambda: barrier.wait(PATIENCE), pipe.send))
    pipe.close()


def race(settings: Settings, *sides: list[Ask]) -> list[list[Said]]:
    """Each side in a process of its own, request by request at the same moment; the answers of each side."""
    barrier, workers, pipes = FORKS.Barrier(len(sides)), [], []
    for asks in sides:
        ours, theirs = FORKS.Pipe(duplex=False)
        workers.append(FORKS.Process(target=_race, args=(settings, asks, barrier, theirs)))
        workers[-1].start()
        theirs.close()
        pipes.append(ours)
    try:
        # Answer by answer: a pipe that nobody empties fills, and then its racer waits for ever.
        told = [[_heard(pipe) for pipe in pipes] for _ in zip(*sides, strict=True)]
        return [list(side) for side in zip(*told, strict=True)]
    finally:
        for worker in workers:
            worker.join(5)
            worker.kill()


def _heard(pipe: Connection) -> Said:
    if not pipe.poll(PATIENCE):
        raise TimeoutError("a racer says nothing any more")
    said: Said = pipe.recv()
    return said


def _buy(settings: Settings, asks: list[Ask], point: str | None, pipe: Connection) -> None:
    crash.arm(point)
    asyncio.run(_answer(settings, asks, lambda: None, pipe.send))


def buy_until_killed(settings: Settings, asks: list[Ask], point: str | None, answers: int) -> list[Said]:
    """The answers that a process gave before it died: at a crash point, or by SIGKILL after so many answers, in the
    middle of the next one. Fewer than asked for."""
    ours, theirs = FORKS.Pipe(duplex=False)
    worker = FORKS.Process(target=_buy, args=(settings, asks, point, theirs))
    worker.start()
    theirs.close()
    heard: list[Said] = []
    try:
        while len(heard) < answers:
            heard.append(_heard(ours))
    except EOFError:
        pass
    worker.kill()
    worker.join(PATIENCE)
    # What it said before it died still lies in the pipe: those answers were given.
    try:
        while ours.poll():
            heard.append(ours.recv())
    except EOFError:
        pass
    return heard
