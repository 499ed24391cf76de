"""Programs of staff: a shop that lets them in by a door of these tests, and a log of what they did."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.carried import NO_PORTS, Ports
from tests.commerce_api.shop.cart.builders import shop_front, shopper

ROLES = {
    1: frozenset({"owner"}),
    2: frozenset({"staff_orders"}),
    3: frozenset({"staff_catalogue"}),
    4: frozenset[str](),
}


async def roles_of(account_id: int) -> frozenset[str] | None:
    return ROLES.get(account_id)


class AuditLog:
    """Keeps what it was told, and breaks when it is told to."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, str, str, Mapping[str, object]]] = []
        self.broken = False

    async def __call__(self, account_id: int, action: str, subject: str, changes: Mapping[str, object]) -> None:
        require_transaction()
        if self.broken:
            raise RuntimeError("the audit log is full")
        self.entries.append((account_id, action, subject, changes))


async def enter(request: Request) -> Response:
    """The door of this test: whoever posts is signed in."""
    await sessions.open_session(request, request.path_params["account"], staff=True)
    return Response()


@asynccontextmanager
async def signed_in(
    settings: Settings, account: int | None, audit: AuditLog, ports: Ports = NO_PORTS
) -> AsyncIterator[httpx2.AsyncClient]:
    """A program of an account, or of nobody; `ports` lead to the services that the shop is connected to."""
    app = shop_front(
        settings,
        roles_of=roles_of,
        audit=audit,
        ports=ports,
        routes=[Route("/account/enter/{account:int}", enter, methods=["POST"])],
    )
    async with shopper(app, settings) as client:
        if account is not None:
            (await client.post(f"/account/enter/{account}")).raise_for_status()
        yield client
