"""Ports: what a route gets of the services outside."""

from typing import Protocol

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.carried import port_of

pytestmark = pytest.mark.anyio


class Greeter(Protocol):
    def greet(self) -> str: ...


class Polite:
    def greet(self) -> str:
        return "Добрий день"


async def show(request: Request) -> Response:
    greeter = port_of(request, Greeter)
    return JSONResponse(greeter.greet() if greeter else None)


@pytest.mark.parametrize(("connected", "said"), [(True, "Добрий день"), (False, None)])
async def test_a_route_gets_what_keeps_the_promise_or_nothing(
    settings: Settings, connected: bool, said: str | None
) -> None:
    routes = [Route("/greet", show), Mount("/deep", routes=[Route("/greet", show)])]
    app = make_application(settings, routes=routes, ports={Greeter: Polite()} if connected else {})
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=settings.site_url) as visitor:
        for path in ("/greet", "/deep/greet"):
            assert (await visitor.get(path)).json() == said
