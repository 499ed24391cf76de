"""What the processes of a shop share over Redis, when there is one: answers of the public API, and a knock at the
worker's door.

The database is the only truth. Sessions, carts and what the outbox owes stay there, so that a Redis which is emptied
or killed signs nobody out and loses nothing: answers are made anew, and the worker looks by itself (ADR 0014).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final, TypeVar

from redis.asyncio import Redis
from redis.asyncio.connection import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from starlette.types import ASGIApp, Receive, Scope, Send

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.csrf import SAFE_METHODS

log = telemetry.logger(__name__)

T = TypeVar("T")

PATIENCE: Final = 0.1
"""Seconds that a request waits for Redis at most, once for connecting and once for the answer."""
REST: Final = 5.0
"""Seconds in which a Redis that failed is not asked again."""
KEPT: Final = 15
"""Seconds that an answer is kept, as long as browsers may keep what says how much is left."""
FLIGHT: Final = 2
"""Seconds that one process may take to make an answer while others wait for it."""
LOOK: Final = 0.02
EAR: Final = 0.5
"""Seconds after which who listens looks up whether it is time to stop."""
KNOCK: Final = "twocomms:knock"


def pool_of(url: str) -> ConnectionPool:
    """Connections to a Redis of whom nobody waits long.

    One try and no pause: a request must not stand in line behind a Redis that is gone.
    """
    return ConnectionPool.from_url(
        url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )


class Shared:
    """Redis as a memory that may forget at any moment. `clock` (seconds) decides when one that failed is asked again.

    Nothing here raises: without Redis, or while it is away, answers are made and nobody is woken.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pool = pool_of(settings.redis_url) if settings.redis_url else None
        self._redis = Redis(connection_pool=self._pool) if self._pool else None
        self._silent_until = 0.0

    @property
    def on(self) -> bool:
        """Whether there is a Redis that answered when it was asked last."""
        return self._redis is not None and self._clock() >= self._silent_until

    async def answer(
        self, asked: str, version: Callable[[], Awaitable[object]], make: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """The bytes that `make` gives for what was `asked`, kept for a quarter of a minute and for one version.

        `version` reads differently after any change of what the answer is made of, so that a change is told at once and
        nothing has to be thrown away. Of many who ask at once one makes the answer and the others wait for it, for two
        seconds at most.
        """
        if not self.on:
            return await make()
        key = f"twocomms:answer:{sha256(f'{await version()} {asked}'.encode()).hexdigest()[:32]}"
        kept = await self._kept(key)
        if kept is None and not await self._first(f"{key}:made"):
            kept = await self._awaited(key)
        if kept is not None:
            return kept
        try:
            # Between the look and the flag somebody else may have made it and taken the flag away again.
            made = await self._kept(key)
            if made is not None:
                return made
            made = await make()
            await self._tried(lambda redis: redis.set(key, made, ex=KEPT), None)
        finally:
            # A refusal is nobody's answer: who asks next must not wait for one.
            await self._tried(lambda redis: redis.delete(f"{key}:made"), 0)
        return made

    async def knock(self) -> None:
        """Let workers look at once at what is owed."""
        await self._tried(lambda redis: redis.publish(KNOCK, b""), 0)

    async def listen(self, heard: asyncio.Event, stopping: asyncio.Event) -> None:
        """Set `heard` at each knock until stopped; a Redis that is away is tried again now and then."""
        while self._pool is not None and not stopping.is_set():
            try:
                async with Redis(connection_pool=self._pool).pubsub(ignore_subscribe_messages=True) as line:
                    await line.subscribe(KNOCK)
                    while not stopping.is_set():
                        if await line.get_message(timeout=EAR):
                            heard.set()
            except (RedisError, OSError) as error:
                log.warning("redis wakes nobody", cause=type(error).__name__)
                await asyncio.sleep(REST / 5)

    async def backend(self) -> tuple[str, bool]:
        """What serves public answers now, `redis` or `database`, and whether the settings ask for it."""
        if self._redis is None:
            return "database", True
        try:
            await self._redis.ping()
        except (RedisError, OSError):
            return "database", False
        return "redis", True

    async def aclose(self) -> None:
        """Closes the connections to Redis."""
        if self._pool:
            await self._pool.disconnect()

    async def _kept(self, key: str) -> bytes | None:
        kept = await self._tried(lambda redis: redis.get(key), None)
        return kept if isinstance(kept, bytes) else None

    async def _first(self, flag: str) -> bool:
        """Whether nobody makes it already."""
        return bool(await self._tried(lambda redis: redis.set(flag, 1, nx=True, ex=FLIGHT), True))

    async def _awaited(self, key: str) -> bytes | None:
        """The answer that somebody else makes just now; None when it does not come."""
        for _ in range(round(FLIGHT / LOOK)):
            await asyncio.sleep(LOOK)
            kept = await self._kept(key)
            if kept is not None or not self.on:
                return kept
        return None

    async def _tried(self, ask: "Callable[[Redis], Awaitable[T]]", stand_in: T) -> T:
        if self._redis is None or not self.on:
            return stand_in
        try:
            return await ask(self._redis)
        except (RedisError, OSError) as error:
            self._silent_until = self._clock() + REST
            metrics.REDIS_FALLBACKS.add("answers")
            log.warning("redis keeps no answers, the database gives them", cause=type(error).__name__)
            return stand_in


def knock_after_writes(shared: Shared) -> Callable[[ASGIApp], ASGIApp]:
    """Knocks at the worker's door when a request that may have written was answered."""

    def layer(app: ASGIApp) -> ASGIApp:
        async def knocking(scope: Scope, receive: Receive, send: Send) -> None:
            await app(scope, receive, send)
            if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and shared.on:
                await shared.knock()

        return knocking

    return layer
