"""Is the process alive, and can it serve: the two questions of whoever watches over it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import anyio
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commerce_api.foundation import telemetry
from commerce_api.foundation.web import headers
from commerce_api.foundation.web.parsing import JSON

Check = Callable[[], Awaitable[object]]
Use = Callable[[], Awaitable[tuple[str, bool]]]
"""Which backend serves something now, and whether it is the one that was asked for."""
SECONDS: Final = 2.0

log = telemetry.logger(__name__)


def _json(value: object, status: int = 200) -> Response:
    return Response(
        orjson.dumps(value), status_code=status, media_type=JSON, headers={"cache-control": headers.PRIVATE}
    )


async def _passes(name: str, check: Check) -> bool:
    try:
        with anyio.fail_after(SECONDS):
            await check()
    except Exception as error:
        # A check may fail in any way at all; which one is for the log, not for the asker.
        log.warning("check failed", check=name, cause=type(error).__name__)
        return False
    return True


def health_routes(checks: Mapping[str, Check], uses: Mapping[str, Use] | None = None) -> list[Route]:
    """`/healthz` (the process answers) and `/readyz` (each check passes, or 503 naming those that do not).

    `uses` names what has a stand-in: while one is at work the process is degraded, and goes on serving.
    """

    async def alive(_request: Request) -> Response:
        return _json({"status": "ok"})

    async def ready(_request: Request) -> Response:
        states = {name: "ok" if await _passes(name, check) else "failed" for name, check in checks.items()}
        found = {name: await use() for name, use in (uses or {}).items()}
        fine = all(state == "ok" for state in states.values())
        well = "ready" if all(wanted for _, wanted in found.values()) else "degraded"
        told = {"checks": states, "uses": {name: backend for name, (backend, _) in found.items()}}
        return _json({"status": well if fine else "not ready", **told}, 200 if fine else 503)

    return [Route("/healthz", alive), Route("/readyz", ready)]
