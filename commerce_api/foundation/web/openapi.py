"""JSON routes from annotated functions; documenting.py makes the one OpenAPI document of them.

What a handler's arguments are called decides what they get (docs/web.md); everything is read from the signature once,
when the module is imported, so that a wrong signature stops the start and a request costs only its validation.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from commerce_api.foundation.errors import Invalid, NotFound, ShopError
from commerce_api.foundation.publishing.service import recent_changes
from commerce_api.foundation.web import headers
from commerce_api.foundation.web.access import ROLES, check_access
from commerce_api.foundation.web.carried import carried
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import by_path
from commerce_api.foundation.web.parsing import (
    JSON,
    LARGEST,
    read_json,
    read_query,
    refused_fields,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FromHeader:
    """Marks an argument that comes from a request header: `key: Annotated[str, FromHeader("Idempotency-Key")]`."""

    name: str


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """An answer with a status or headers of its own."""

    body: T
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path segment or a header: where it comes from, and what it becomes."""

    name: str
    place: Literal["path", "header"]
    key: str
    adapter: TypeAdapter[Any]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path: the handler, what it reads and what it answers. Calling it calls the handler."""

    method: str
    path: str
    summary: str
    tag: str
    status: int
    cache: str
    errors: tuple[type[ShopError], ...]
    handler: Callable[..., Awaitable[Any]]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    parameters: tuple[Parameter, ...]
    answer: TypeAdapter[Any] | None

    async def __call__(self, request: Request, **values: Any) -> Any:
        return await self.handler(request, **values)

    @property
    def roles(self) -> frozenset[str] | None:
        """The roles asked for by `requires`, or None for a route that is open to all."""
        found: frozenset[str] | None = getattr(self.handler, ROLES, None)
        return found


Operations = tuple[Operation, ...]


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _parameter(name: str, annotation: Any, default: object, path: str) -> Parameter:
    marks = [mark for mark in get_args(annotation)[1:] if isinstance(mark, FromHeader)]
    required = default is inspect.Parameter.empty
    if marks:
        return Parameter(name, "header", marks[0].name, TypeAdapter(annotation), required)
    if f"{{{name}}}" not in path:
        raise TypeError(f"argument {name!r} is neither body, query, a part of {path} nor FromHeader")
    return Parameter(name, "path", name, TypeAdapter(annotation))


def _answer(annotation: Any) -> TypeAdapter[Any] | None:
    kept = get_args(annotation)[0] if get_origin(annotation) is Reply else annotation
    return None if kept is type(None) else TypeAdapter(kept)


def api(
    method: str,
    path: str,
    *,
    summary: str,
    errors: tuple[type[ShopError], ...] = (),
    status: int | None = None,
    cache: str = headers.PRIVATE,
    tag: str = "",
) -> Callable[[Callable[..., Awaitable[Any]]], Operation]:
    """Makes an operation of an annotated handler.

    Raises TypeError when an argument says not where it comes from or the answer is not annotated.
    """

    def make(handler: Callable[..., Awaitable[Any]]) -> Operation:
        hints = get_type_hints(handler, include_extras=True)
        if "return" not in hints:
            raise TypeError(f"{handler.__name__} should say what it answers")
        arguments = list(inspect.signature(handler).parameters.values())[1:]
        answer = _answer(hints["return"])
        return Operation(
            method=method,
            path=path,
            summary=summary,
            tag=tag or _second_segment(path),
            status=status or (200 if answer else 204),
            cache=cache,
            errors=errors,
            handler=handler,
            body=_bare(hints["body"]) if "body" in hints else None,
            query=_bare(hints["query"]) if "query" in hints else None,
            parameters=tuple(
                _parameter(one.name, hints[one.name], one.default, path)
                for one in arguments
                if one.name not in {"body", "query"}
            ),
            answer=answer,
        )

    return make


def _second_segment(path: str) -> str:
    parts = [part for part in path.split("/") if part not in {"", "api", "v1"}]
    return parts[0] if parts else "shop"


def _from_path(parameter: Parameter, request: Request) -> Any:
    try:
        value = parameter.adapter.validate_python(request.path_params[parameter.key])
    except ValidationError as error:
        # Somebody asks for `/lines/abc`: there is no such line, and more is nobody's business.
        raise NotFound() from error
    if isinstance(value, int) and abs(value) > LARGEST:
        raise NotFound()
    return value


def _from_header(parameter: Parameter, request: Request, values: dict[str, Any]) -> None:
    given = request.headers.get(parameter.key)
    if given is None:
        if parameter.required:
            raise Invalid({parameter.key: "missing"})
        return
    try:
        values[parameter.name] = parameter.adapter.validate_python(given)
    except ValidationError as error:
        raise Invalid({parameter.key: next(iter(refused_fields(error.errors()).values()))}) from error


async def _read(operation: Operation, request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter in operation.parameters:
        if parameter.place == "path":
            values[parameter.name] = _from_path(parameter, request)
        else:
            _from_header(parameter, request, values)
    if operation.query:
        values["query"] = read_query(request, operation.query)
    if operation.body:
        values["body"] = await read_json(request, operation.body)
    return values


def not_modified(request: Request, etag: str) -> bool:
    """Whether the asker already has the answer with this ETag."""
    known = request.headers.get("if-none-match", "")
    return known == "*" or etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}


def _respond(operation: Operation, request: Request, result: Any) -> Response:
    reply = result if isinstance(result, Reply) else Reply(result)
    status = reply.status or operation.status
    sent = {"cache-control": operation.cache, **reply.headers}
    if operation.answer is None:
        return Response(status_code=status, headers=sent)
    return _send(operation, request, operation.answer.dump_json(reply.body, by_alias=True), status, sent)


async def _shared(operation: Operation, request: Request, values: dict[str, Any], answer: TypeAdapter[Any]) -> Response:
    """A public answer, which processes make once for all of them where they share a Redis."""

    async def make() -> bytes:
        return answer.dump_json(await operation.handler(request, **values), by_alias=True)

    asked = f"{request.url.path}?{request.url.query}\n{language(request)}"
    body = await carried(request).shared.answer(asked, recent_changes, make)
    return _send(operation, request, body, operation.status, {"cache-control": operation.cache})


def _send(operation: Operation, request: Request, body: bytes, status: int, sent: dict[str, str]) -> Response:
    if operation.cache != headers.PRIVATE:
        sent["etag"] = f'"{sha256(body).hexdigest()[:20]}"'
        if not_modified(request, sent["etag"]):
            return Response(status_code=304, headers=sent)
    return Response(body, status_code=status, media_type=JSON, headers=sent)


def _endpoint(operation: Operation) -> Callable[..., Awaitable[Response]]:
    async def answer(request: Request, **_path: Any) -> Response:
        if operation.roles is not None:
            # Before the body is read: who may not come in is not told what is wrong with their data.
            check_access(request, operation.roles)
        values = await _read(operation, request)
        if operation.cache == headers.REVALIDATE and operation.answer is not None:
            return await _shared(operation, request, values, operation.answer)
        return _respond(operation, request, await operation.handler(request, **values))

    return answer


def operation_routes(operations: Iterable[Operation]) -> list[BaseRoute]:
    """One route for each path, whatever number of methods it has."""
    return list(by_path((one.path, one.method, _endpoint(one)) for one in operations))
