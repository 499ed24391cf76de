"""Puts an application together: routes, layers, errors. The sidecar and the staff office are both made here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
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
from commerce_api.foundation.web.access import RolesOf, nobody
from commerce_api.foundation.web.carried import Carried
from commerce_api.foundation.web.cookies import cookie_name
from commerce_api.foundation.web.health import Check, health_routes
from commerce_api.foundation.web.openapi import Operation, document_route, openapi_document, operation_routes
from commerce_api.foundation.web.pages import Page, language_routes
from commerce_api.foundation.web.rendering import Renderer
from commerce_api.foundation.web.sessions import COOKIE

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[Any]]


def layers(
    settings: Settings,
    *,
    renderer: Renderer,
    roles_of: RolesOf = nobody,
    payment_origins: tuple[str, ...] = (),
    max_body: int = middleware.MAX_BODY,
) -> list[Middleware]:
    """The layers around every request, the outermost first.

    The order matters: headers and cookies stand outside of the errors, so that error answers have them too (cookies
    noted before the error are dropped); everything that can refuse stands inside.
    """
    return [
        Middleware(middleware.carry(Carried(settings, renderer))),
        Middleware(middleware.log_requests),
        Middleware(middleware.guard_responses(settings, payment_origins)),
        Middleware(middleware.write_cookies),
        Middleware(middleware.answer_errors),
        Middleware(middleware.check_host(settings)),
        Middleware(middleware.limit_announced(max_body)),
        Middleware(RequestBodyLimitMiddleware, max_body_size=max_body),
        Middleware(middleware.refuse_foreign_writes(settings)),
        Middleware(middleware.identify(roles_of)),
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
    checks: Mapping[str, Check] | None = None,
    lifespan: Lifespan | None = None,
    payment_origins: tuple[str, ...] = (),
    renderer: Renderer | None = None,
) -> Starlette:
    """An ASGI application of the shop.

    `routes` are plain Starlette routes and mounts beside the described `operations` and `pages`. Raises ValueError when
    two handlers claim one method of a path or one operation id.
    """
    listed = list(operations)
    document = openapi_document(listed, site_url=settings.site_url, cookie=cookie_name(COOKIE, secure=settings.secure))
    return Starlette(
        routes=[
            *health_routes(checks or {}),
            document_route(document),
            *operation_routes(listed),
            *language_routes(pages, settings.shop.languages),
            *routes,
        ],
        middleware=layers(
            settings,
            renderer=renderer or Renderer(settings),
            roles_of=roles_of,
            payment_origins=payment_origins,
        ),
        # Without these two Starlette would answer them itself, in plain text.
        exception_handlers={HTTPException: _answer, ShopError: _answer},
        lifespan=lifespan,
    )
