"""What the emulators share: the journal, the switches, the clock, letters, and a way of calling the shop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

import httpx2

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.keeping import Memory
from sandbox.letters import Letter

PATIENCE: Final = 10.0
"""Seconds that a service waits for the shop to take its message."""


class World:
    """One sandbox. Everything is in memory; what an emulator puts into `memories` can be kept in a file (keeping.py).

    `public_url` is where people and the shop reach it, `shop_url` where the shop is. `shop` is a transport to the shop
    for tests; without one messages go over the network. `sleep` is given by tests, so that what is late costs no time.
    Numbers of parcels and of what is said begin after `first`: a shop remembers those of the sandbox before this one.
    """

    def __init__(
        self,
        public_url: str = "http://localhost:8001",
        *,
        shop_url: str = "http://localhost:8000",
        clock: Clock | None = None,
        shop: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] | None = None,
        first: int = 0,
    ) -> None:
        self.public_url = public_url.rstrip("/")
        self.shop_url = shop_url.rstrip("/")
        self.clock = clock or Clock()
        self.journal = Journal(self.clock.now)
        self.faults = Faults(self.journal, chance)
        self.letters: list[Letter] = []
        self.state: dict[str, Any] = {}
        self.memories: dict[str, Memory] = {}
        self.sleep = sleep
        self.first = first
        self._shop = shop
        self._tasks: set[asyncio.Task[None]] = set()

    async def post(
        self, service: str, url: str, content: bytes, headers: Mapping[str, str] | None = None
    ) -> int | None:
        """Call the shop, as a webhook does; the status of its answer, or None when there was none. Both are noted."""
        try:
            async with httpx2.AsyncClient(transport=self._shop, timeout=PATIENCE, trust_env=False) as client:
                answer = await client.post(url, content=content, headers=dict(headers or {}))
        except (httpx2.HTTPError, OSError) as error:
            self.journal.note(service, "webhook not delivered", to=url, why=type(error).__name__)
            return None
        self.journal.note(service, "webhook", to=url, answer=answer.status_code)
        return answer.status_code

    def later(self, seconds: float, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Do something in `seconds`; whoever asked for it does not wait."""

        async def run() -> None:
            await self.sleep(seconds)
            try:
                await work()
            except Exception as error:
                # Nobody waits for it: only the journal can tell.
                self.journal.note(
                    "sandbox", "something failed behind the scenes", why=f"{type(error).__name__}: {error}"
                )

        task = asyncio.ensure_future(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def empty(self) -> None:
        """Forget payments, parcels, letters and what happened; the clock goes on, because time does not go back."""
        for memory in self.memories.values():
            memory.empty()
        self.letters.clear()
        self.journal.clear()
        self.journal.note("sandbox", "emptied")

    async def settle(self) -> None:
        """Wait until nothing is left to be done later; for tests."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def aclose(self) -> None:
        """Forget what was to be done later."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
