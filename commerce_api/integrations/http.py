"""One way of speaking HTTP to the services outside: time limits, careful repeats, a breaker, and silence about secrets.

    Outcome        how a call ended, also the label of its metric
    OutsideFailed  the one error; says whether the effect may exist nevertheless

What is logged of a call is its service, its label, its outcome and how long it took: never an address (tokens stand in
some), a body or a header. An error carries no trace of the library's own exceptions, because those print addresses.
"""

import logging
import random
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final

import anyio
import httpx2
import orjson

from commerce_api.foundation import metrics, telemetry
from commerce_api.integrations.breaker import Breaker
from commerce_api.integrations.outcome import Outcome as Outcome
from commerce_api.integrations.outcome import OutsideFailed as OutsideFailed

REPEATABLE: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same call may go well."""
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0
"""Seconds that a call waits for its next try at most; who asks for more is asked again by the outbox."""
LARGEST_ANSWER: Final = 32 * 1024 * 1024
LONGEST_RETRY_AFTER: Final = 24 * 3600.0

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)

log = telemetry.logger(__name__)

# The library prints whole addresses at its lower levels, and some carry tokens.
for _library in ("httpx2", "httpcore2"):
    logging.getLogger(_library).setLevel(logging.WARNING)

Transports = Callable[[str], httpx2.AsyncBaseTransport | None]
"""The transport to a service by its name; None is the network. Tests give emulators."""


def network(service: str) -> httpx2.AsyncBaseTransport | None:
    """Every service is reached over the network."""
    return None


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to reach a service, seconds for its whole answer, and how often a repeatable call is tried."""

    connect: float = 3.0
    read: float = 10.0
    tries: int = 3


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, whether it counts them or names a moment; None without sense."""
    if not value:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value.strip()):
        return min(float(value), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER)


@cache
def _certificates() -> ssl.SSLContext:
    # Reading every authority takes tens of milliseconds: once for all services.
    return httpx2.create_ssl_context(trust_env=False)


def _transport(base_url: str) -> httpx2.AsyncBaseTransport:
    secure = base_url.startswith("https:")
    return httpx2.AsyncHTTPTransport(
        verify=_certificates() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        limits=httpx2.Limits(max_connections=20, max_keepalive_connections=5),
        trust_env=False,
    )


class Outside:
    """One outside service. Connections open with the first call; `aclose` ends them.

    `secrets` are values that must not appear in any text about a call. `pause`, `jitter` (0 to 1) and `now` (seconds)
    are given by tests.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        patience: Patience | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: tuple[str, ...] = (),
        transport: httpx2.AsyncBaseTransport | None = None,
        pause: Callable[[float], Awaitable[None]] = anyio.sleep,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.service = service
        self.base_url = base_url.rstrip("/")
        self.patience = patience or Patience()
        self.headers = dict(headers or {})
        self.breaker = Breaker(now)
        self._secrets = tuple(secret for secret in secrets if secret)
        self._given = transport
        self._client: httpx2.AsyncClient | None = None
        self._pause, self._jitter, self._now = pause, jitter, now

    @property
    def silent(self) -> bool:
        """Whether the service has failed so often that it is left in peace."""
        return self.breaker.is_open

    async def call(
        self,
        method: str,
        path: str,
        *,
        label: str,
        json: object = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        repeat: bool = False,
        read: float | None = None,
        as_json: bool = False,
        later: Callable[[Any], bool] | None = None,
    ) -> httpx2.Response:
        """The answer, whole, when its status is below 400. `label` names the call in metrics and logs.

        `path` may be a whole address, for services that name those of their parts themselves.

        `repeat` is only for calls that may happen twice: reads, and writes with a key of their own. `read` replaces the
        patience for the answer, in seconds. With `as_json` an answer that is no JSON is malformed; `later` says of one
        that is whether it asks to come back later, whatever its status: it counts as 429 then.

        Raises OutsideFailed.
        """
        tries = max(1, self.patience.tries) if repeat else 1
        body = orjson.dumps(json) if json is not None else content
        sent = {**self.headers, **({"content-type": "application/json"} if json is not None else {}), **(headers or {})}
        address = path if _ADDRESS.fullmatch(path) else self.base_url + path
        for attempt in range(1, tries + 1):
            request = httpx2.Request(method, address, params=params, headers=sent, content=body)
            request.extensions = {"as_json": as_json, "later": later}
            result = await self._attempt(request, label, self.patience.read if read is None else read)
            if isinstance(result, httpx2.Response):
                return result
            wait = self._wait(result, attempt)
            if attempt == tries or wait is None:
                raise result
            await self._pause(wait)
        raise AssertionError("the loop above returns or raises")

    async def ask(self, method: str, path: str, *, label: str, **options: Any) -> Any:
        """As `call`, and the answer read as JSON. Raises OutsideFailed."""
        response = await self.call(method, path, label=label, as_json=True, **options)
        return response.extensions["parsed"]

    async def aclose(self) -> None:
        """End the connections kept open."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    def redact(self, text: str) -> str:
        """A text without addresses and without the secrets of this service."""
        for secret in self._secrets:
            text = text.replace(secret, telemetry.CUT)
        return _ADDRESS.sub(telemetry.CUT, text)

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                transport=self._given or _transport(self.base_url), trust_env=False, follow_redirects=False
            )
        return self._client

    def _wait(self, failure: OutsideFailed, attempt: int) -> float | None:
        """Seconds before the next try; None when another one is of no use."""
        if failure.outcome is Outcome.OPEN:
            return None
        if failure.outcome is Outcome.STATUS and failure.status not in REPEATABLE:
            return None
        if failure.retry_after is not None:
            return failure.retry_after if failure.retry_after <= LONGEST_PAUSE else None
        # Half of the pause is chance: many callers that failed together do not come back together.
        doubled: float = FIRST_PAUSE * 2 ** (attempt - 1)
        return min(doubled, LONGEST_PAUSE) * (0.5 + self._jitter() / 2)

    async def _attempt(self, request: httpx2.Request, label: str, read: float) -> httpx2.Response | OutsideFailed:
        if not self.breaker.admits():
            metrics.OUTSIDE.observe(0.0, self.service, label, Outcome.OPEN.value)
            return OutsideFailed(self.service, label, Outcome.OPEN)
        started, result = self._now(), None
        try:
            result = await self._send(request, label, read)
        finally:
            if result is None:
                self.breaker.left()
        self._note(label, result, self._now() - started)
        return result

    def _note(self, label: str, result: httpx2.Response | OutsideFailed, seconds: float) -> None:
        failure = result if isinstance(result, OutsideFailed) else None
        outcome = failure.outcome if failure else Outcome.OK
        metrics.OUTSIDE.observe(seconds, self.service, label, outcome.value)
        if failure is None:
            self.breaker.succeeded()
            return
        # Who refuses is well: only silence and faults count.
        if outcome is Outcome.STATUS and (failure.status or 0) < 500:
            self.breaker.succeeded()
        else:
            self.breaker.failed()
        log.warning(
            "outside_failed",
            service=self.service,
            label=label,
            outcome=outcome.value,
            status=failure.status,
            seconds=round(seconds, 3),
        )

    async def _send(self, request: httpx2.Request, label: str, read: float) -> httpx2.Response | OutsideFailed:
        outcome: Outcome
        cause: Exception
        limits = httpx2.Timeout(read, connect=self.patience.connect, pool=self.patience.connect)
        request.extensions = {**request.extensions, "timeout": limits.as_dict()}
        try:
            # The library's limit is for each piece: who drips would be listened to for ever.
            with anyio.fail_after(self.patience.connect + read):
                return await self._whole(request, label)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            outcome, cause = Outcome.CONNECT, error
        except (httpx2.TimeoutException, TimeoutError) as error:
            outcome, cause = Outcome.TIMEOUT, error
        except (httpx2.HTTPError, OSError) as error:
            outcome, cause = Outcome.MALFORMED, error
        return OutsideFailed(self.service, label, outcome, cause=self._told(cause))

    def _told(self, cause: Exception) -> str:
        return self.redact(f"{type(cause).__name__}: {cause}" if str(cause) else type(cause).__name__)

    async def _whole(self, request: httpx2.Request, label: str) -> httpx2.Response | OutsideFailed:
        response = await self._opened().send(request, stream=True)
        try:
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    return OutsideFailed(self.service, label, Outcome.MALFORMED, cause="a larger answer than is read")
        finally:
            await response.aclose()
        if response.status_code >= 400:
            return OutsideFailed(
                self.service,
                label,
                Outcome.STATUS,
                status=response.status_code,
                body=bytes(body[:65536]),
                retry_after=retry_after(response.headers.get("retry-after"), datetime.now(UTC)),
            )
        parsed: dict[str, Any] = {}
        if request.extensions.get("as_json"):
            try:
                parsed["parsed"] = orjson.loads(body)
            except orjson.JSONDecodeError:
                return OutsideFailed(
                    self.service, label, Outcome.MALFORMED, cause=f"no JSON with status {response.status_code}"
                )
            later = request.extensions["later"]
            if later is not None and later(parsed["parsed"]):
                return OutsideFailed(self.service, label, Outcome.STATUS, status=429)
        # Decoded already: the lengths and encodings of the wire are no longer true.
        kept = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name not in {"content-encoding", "content-length", "transfer-encoding"}
        ]
        return httpx2.Response(
            response.status_code, headers=kept, content=bytes(body), request=request, extensions=parsed
        )
