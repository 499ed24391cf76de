"""Puts an application together: routes, layers, errors. The sidecar and the staff office are both made here."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import middleware, problems
from commerce_api.foundation.web.access import BearerOf, RolesOf, no_bearer, nobody
from commerce_api.foundation.web.background import Background
from commerce_api.foundation.web.carried import NO_PORTS, Carried, Ports
from commerce_api.foundation.web.docs import docs_route
from commerce_api.foundation.web.documenting import document_route, openapi_document
from commerce_api.foundation.web.figures import Figures, metrics_route, no_figures
from commerce_api.foundation.web.health import Check, health_routes
from commerce_api.foundation.web.openapi import Operation, operation_routes
from commerce_api.foundation.web.pages import Page, language_routes
from commerce_api.foundation.web.rates import Limiter
from commerce_api.foundation.web.rendering import Renderer
from commerce_api.foundation.web.shared import Shared, knock_after_writes

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[Any]]


def layers(
    settings: Settings,
    *,
    renderer: Renderer,
    limiter: Limiter,
    shared: Shared,
    ports: Ports = NO_PORTS,
    background: Background | None = None,
    roles_of: RolesOf = nobody,
    bearer_of: BearerOf = no_bearer,
    payment_origins: tuple[str, ...] = (),
    max_body: int = middleware.MAX_BODY,
) -> list[Middleware]:
    """The layers around every request, the outermost first.

    The order matters: headers and cookies stand outside of the errors, so that error answers have them too (cookies
    noted before the error are dropped); everything that can refuse stands inside.
    """
    return [
        Middleware(middleware.carry(Carried(settings, renderer, limiter, ports, background or Background(), shared))),
        Middleware(knock_after_writes(shared)),
        Middleware(middleware.log_requests),
        Middleware(middleware.guard_responses(settings, payment_origins)),
        Middleware(middleware.write_cookies),
        Middleware(middleware.answer_errors),
        Middleware(middleware.check_host(settings)),
        Middleware(middleware.limit_rates(limiter)),
        Middleware(middleware.limit_announced(max_body)),
        Middleware(RequestBodyLimitMiddleware, max_body_size=max_body),
        Middleware(middleware.refuse_foreign_writes(settings)),
        Middleware(middleware.identify(roles_of, bearer_of)),
    ]


async def _answer(request: Request, error: Exception) -> Response:
    return problems.answer(request, error)


def make_application(
    settings: Settings,
    *,
    operations: Iterable[Operation] = (),
    pages: Iterable[Page] = (),
    routes: Sequence[BaseRoute] = (),
    roles_of: RolesOf = nobody,
    bearer_of: BearerOf = no_bearer,
    checks: Mapping[str, Check] | None = None,
    lifespan: Lifespan | None = None,
    payment_origins: tuple[str, ...] = (),
    renderer: Renderer | None = None,
    figures: Figures = no_figures,
    ports: Ports = NO_PORTS,
    background: Background | None = None,
) -> Starlette:
    """An ASGI application of the shop.

    `routes` are plain Starlette routes and mounts beside the described `operations` and `pages`. What requests began in
    the `background` is finished before the lifespan ends. Raises ValueError when
    two handlers claim one method of a path or one operation id.
    """
    listed, limiter, shared = list(operations), Limiter(settings), Shared(settings)
    begun = background or Background()
    document = openapi_document(listed, site_url=settings.site_url, secure=settings.secure)
    return Starlette(
        routes=[
            *health_routes(checks or {}, {"limits": limiter.backend, "answers": shared.backend}),
            metrics_route(figures),
            document_route(document),
            docs_route(document),
            *operation_routes(listed),
            *language_routes(pages, settings.shop.languages),
            *routes,
        ],
        middleware=layers(
            settings,
            renderer=renderer or Renderer(settings),
            limiter=limiter,
            shared=shared,
            ports=ports,
            background=begun,
            roles_of=roles_of,
            bearer_of=bearer_of,
            payment_origins=payment_origins,
        ),
        # Without these two Starlette would answer them itself, in plain text.
        exception_handlers={HTTPException: _answer, ShopError: _answer},
        lifespan=_closing(limiter, shared, begun, lifespan),
    )


def _closing(limiter: Limiter, shared: Shared, background: Background, lifespan: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        async with lifespan(app) if lifespan else nullcontext():
            yield
            # Still over the open database.
            await background.finish()
        await limiter.aclose()
        await shared.aclose()

    return living
