"""Routes of HTML pages: each handler is registered for every language of the shop."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from commerce_api.foundation.kit.urls import localized
from commerce_api.foundation.web.redirects import permanent

Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """A handler of HTML with its method and its path in the default language; still callable."""

    method: str
    path: str
    handler: Handler

    async def __call__(self, request: Request, **values: Any) -> Response:
        return await self.handler(request, **values)


Pages = tuple[Page, ...]


def page(method: str, path: str) -> Callable[[Handler], Page]:
    """Makes a page of `async def handler(request, **path_values)`."""

    def make(handler: Handler) -> Page:
        return Page(method, path, handler)

    return make


class ByMethod:
    """One path, several methods: a single route, so that the `Allow` of a 405 names them all."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.handlers = dict(handlers)
        if "GET" in self.handlers:
            self.handlers.setdefault("HEAD", self.handlers["GET"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        response = await self.handlers[request.method](request, **request.path_params)
        await response(scope, receive, send)

    def route(self, path: str) -> Route:
        """The route of this path."""
        return Route(path, self, methods=sorted(self.handlers))


def by_path(entries: Iterable[tuple[str, str, Handler]]) -> list[Route]:
    """Routes from (path, method, handler), one for each path.

    Raises ValueError when two handlers claim the same method of a path.
    """
    grouped: dict[str, dict[str, Handler]] = {}
    for path, method, handler in entries:
        methods = grouped.setdefault(path, {})
        if method in methods:
            raise ValueError(f"two handlers for {method} {path}")
        methods[method] = handler
    return [ByMethod(methods).route(path) for path, methods in grouped.items()]


async def _add_slash(request: Request) -> Response:
    return permanent(f"{request.scope['path']}/", request.scope["query_string"].decode("latin-1"))


def language_routes(pages: Iterable[Page], languages: Sequence[str]) -> list[BaseRoute]:
    """Every page in every language, and `/cart` leading to `/cart/` in one hop, the query kept."""
    listed = list(pages)
    routes: list[BaseRoute] = []
    for lang in languages:
        routes += by_path((localized(entry.path, lang), entry.method, entry.handler) for entry in listed)
    slashed = {entry.path for entry in listed if entry.path.endswith("/") and entry.method == "GET"} - {"/"}
    taken = {entry.path for entry in listed}
    for path in sorted(slashed - {f"{path}/" for path in taken}):
        routes += [Route(localized(path, lang)[:-1], _add_slash, methods=["GET"]) for lang in languages]
    return routes
