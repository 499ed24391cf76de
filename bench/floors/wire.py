"""The HTTP side that both floors share: three routes, JSON in and out, one cookie."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.settings import ShopSettings

SHOP: Final = ShopSettings(languages=("uk",))
COOKIE: Final = "cart"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cart with what is on the shelf for it."""

    id: int
    sku_id: int
    sku: str
    product: str
    name: str
    colour: str
    size: str
    fit: str
    image: str
    price: int
    quantity: int
    points: int


class Store(Protocol):
    """What a floor does in its database; each call is one transaction."""

    async def add(self, token: str | None, sku: str, quantity: int) -> tuple[str, Sequence[Line]]: ...

    async def order(self, token: str, key: str, asked: Any) -> dict[str, Any]: ...


def totals(lines: Sequence[Line]) -> dict[str, int]:
    """Goods, shipping and sum in kopiyky."""
    goods = sum(line.price * line.quantity for line in lines)
    left = max(0, SHOP.free_delivery_from - goods)
    shipping = SHOP.branch_price if left else 0
    return {"goods": goods, "discount": 0, "shipping": shipping, "total": goods + shipping, "free_shipping_left": left}


def document(lines: Sequence[Line]) -> dict[str, Any]:
    """The cart as the shop answers it."""
    shown = [
        {
            "id": line.id,
            "sku": line.sku,
            "name": line.name,
            "colour": line.colour,
            "size": line.size,
            "fit": line.fit,
            "url": f"/product/{line.product}/",
            "image": f"/images/{line.image}-400.avif",
            "quantity": line.quantity,
            "unit_price": line.price,
            "line_total": line.price * line.quantity,
        }
        for line in lines
    ]
    return {"lines": shown, **totals(lines), "notices": []}


@dataclass(frozen=True, slots=True)
class Placed:
    """The values of an order's row that are computed."""

    token: str
    at: datetime
    totals: dict[str, int]

    def answer(self, number: str) -> dict[str, Any]:
        """What the buyer is told."""
        return {
            "number": number,
            "token": self.token,
            "url": f"/order/{self.token}/",
            "payable": self.totals["total"],
            "due_now": 0,
            "payment": {"status": "unpaid"},
        }


def placed(lines: Sequence[Line]) -> Placed:
    """A new order of these lines."""
    return Placed(ids.token(), datetime.now(UTC), totals(lines))


def movement(line: Line, at: object, number: str) -> tuple[object, ...]:
    """The row that says why a count changed; `at` as the database takes a moment."""
    return line.sku_id, at, -line.quantity, line.quantity, number


def number_of(value: int) -> str:
    """The order number of today's counter."""
    return f"TWC{clock.kyiv_today():%d%m%Y}N{value:02d}"


def _json(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


def application(opened: Callable[[], AbstractAsyncContextManager[Store]]) -> Starlette:
    """A floor over a store that is open while it runs."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opened() as store:
            app.state.store = store
            yield

    async def add(request: Request) -> Response:
        body = orjson.loads(await request.body())
        token, lines = await request.app.state.store.add(request.cookies.get(COOKIE), body["sku"], body["quantity"])
        response = _json(document(lines))
        response.set_cookie(COOKIE, token, httponly=True, samesite="lax")
        return response

    async def check_out(request: Request) -> Response:
        body = orjson.loads(await request.body())
        key = request.headers["idempotency-key"]
        return _json(await request.app.state.store.order(request.cookies[COOKIE], key, body), 201)

    async def ready(request: Request) -> Response:
        return _json({"ready": True})

    def post(path: str, handler: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, handler, methods=["POST"])

    routes = [post("/api/v1/cart/lines", add), post("/api/v1/checkout", check_out), Route("/readyz", ready)]
    return Starlette(routes=routes, lifespan=lifespan)
