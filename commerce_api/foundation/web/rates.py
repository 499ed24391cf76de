"""How often one visitor may ask: a table of rates by the kind of request, and the counter behind it.

Counters live in Redis when there is one, so that all processes count together, and in the memory of this process
otherwise. When Redis fails the memory takes over and the log says so: a dead Redis must neither close the shop nor
silently open every door (lessons.md 66). Keys are keyed digests: no address is stored anywhere.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import Redis
from redis.asyncio.connection import ConnectionPool
from redis.exceptions import RedisError
from starlette.requests import Request

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.errors import TooMany
from commerce_api.foundation.kit import ids
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import csrf, paths
from commerce_api.foundation.web.shared import REST, pool_of
from commerce_api.foundation.web.windows import Windows

log = telemetry.logger(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `amount` in `seconds`, counted over a sliding window; `name` keeps the counters of rates apart."""

    name: str
    amount: int
    seconds: int = 60


READ: Final = Rate("read", 1_200)
SEARCH: Final = Rate("search", 240)
WRITE: Final = Rate("write", 240)
CHECKOUT: Final = Rate("checkout", 60)
SIGN_IN: Final = Rate("sign_in", 30)
SIGNED_MESSAGE: Final = Rate("webhook", 1_200)

_DOORS: Final = (
    "/account/sign-in", "/account/register", "/account/reset", "/account/verify", "/account/code", "/account/security",
    "/api/v1/auth", "/auth", f"{paths.OFFICE}/login",
)  # fmt: skip
_FINDING: Final = ("/find", "/api/v1/products")
_TILL: Final = ("/checkout", "/api/v1/checkout")
UNCOUNTED: Final = frozenset({"/healthz", "/readyz", *paths.INTERNAL})


def rate_of(method: str, path: str) -> Rate | None:
    """The rate that a request counts for; None for what watchers ask every few seconds.

    The numbers leave room for many people behind one address: mobile networks have thousands of them.
    """
    plain = paths.without_language(path)
    if plain in UNCOUNTED:
        return None
    if any(paths.within(plain, prefix) for prefix in csrf.EXEMPT):
        return SIGNED_MESSAGE
    if method in csrf.SAFE_METHODS:
        return SEARCH if any(paths.within(plain, prefix) for prefix in _FINDING) else READ
    if any(paths.within(plain, prefix) for prefix in _DOORS):
        return SIGN_IN
    return CHECKOUT if any(paths.within(plain, prefix) for prefix in _TILL) else WRITE


def network_of(address: str) -> str:
    """Whom an address counts as: itself, or for IPv6 the /64 it lies in, which one household has to itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else found.exploded[:19]
    return str(found)


def visitor(request: Request) -> str:
    """Whom a visit counts as, by its address."""
    return network_of(request.client.host if request.client else "")


class Limiter:
    """Counts visits, over `redis_url` of the settings or, when that is empty, in the memory of this process alone.

    `clock` gives seconds for the memory's windows and decides when a Redis that failed is asked again.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.on = settings.limits
        self._secret = settings.secret_key
        self._clock = clock
        self._memory = Windows(clock)
        self._pool = pool_of(settings.redis_url) if settings.redis_url else None
        self._shared = _over(self._pool) if self._pool else None
        self._silent_until = 0.0

    async def count(self, rate: Rate, who: str) -> None:
        """Note one more request of `who`. Raises TooMany with the seconds to wait when it is one too many."""
        if not self.on:
            return
        key = ids.keyed_hash(who, self._secret)
        try:
            wait = await self._count(rate, key)
        except (RedisError, OSError) as error:
            self._silent_until = self._clock() + REST
            metrics.REDIS_FALLBACKS.add("rates")
            log.warning("redis does not count, memory does", cause=type(error).__name__)
            wait = self._memory.hit(rate.name, rate.amount, rate.seconds, key)
        if wait is not None:
            metrics.RATE_REFUSALS.add(rate.name)
            raise TooMany(retry_after=max(1, round(wait + 0.5)))

    async def backend(self) -> tuple[str, bool]:
        """What counts now, `redis`, `memory` or `off`, and whether it is what the settings ask for."""
        if not self.on or self._pool is None:
            return ("memory" if self.on else "off"), True
        try:
            await Redis(connection_pool=self._pool).ping()
        except (RedisError, OSError):
            return "memory", False
        return "redis", True

    async def aclose(self) -> None:
        """Closes the connections to Redis."""
        if self._pool:
            await self._pool.disconnect()

    async def _count(self, rate: Rate, key: str) -> float | None:
        """Seconds to wait when it is one too many. Raises RedisError and OSError."""
        if self._shared is None or self._clock() < self._silent_until:
            return self._memory.hit(rate.name, rate.amount, rate.seconds, key)
        item = RateLimitItemPerSecond(rate.amount, rate.seconds, namespace=rate.name)
        if await self._shared.hit(item, key):
            return None
        reset, _ = await self._shared.get_window_stats(item, key)
        return reset - time.time()


def _over(pool: ConnectionPool) -> SlidingWindowCounterRateLimiter:
    # The address only says that it is Redis; where it is, the pool knows.
    options: dict[str, Any] = {"connection_pool": pool}
    storage = RedisStorage("async+redis://localhost:6379", implementation="redispy", key_prefix="rate", **options)
    return SlidingWindowCounterRateLimiter(storage)
