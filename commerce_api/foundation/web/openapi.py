"""JSON routes from annotated functions, and the one OpenAPI document they add up to.

What a handler's arguments are called decides what they get (docs/web.md); everything is read from the signature once,
when the module is imported, so that a wrong signature stops the start and a request costs only its validation.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from commerce_api.foundation.errors import Forbidden, Invalid, NotFound, ShopError, SignInNeeded
from commerce_api.foundation.web import headers
from commerce_api.foundation.web.access import ROLES, check_access
from commerce_api.foundation.web.csrf import SAFE_METHODS
from commerce_api.foundation.web.errors import CrossSite, Malformed, TooLarge, WrongMediaType
from commerce_api.foundation.web.pages import by_path
from commerce_api.foundation.web.parsing import (
    JSON,
    LARGEST,
    Schema,
    read_json,
    read_query,
    refused_fields,
)
from commerce_api.foundation.web.problems import PROBLEM_JSON

T = TypeVar("T")
Mode = Literal["validation", "serialization"]
REFS: Final = "#/components/schemas/{model}"
DOCUMENT_PATH: Final = "/api/v1/openapi.json"


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
class _Parameter:
    """A path segment or a header: where it comes from, and what it becomes."""

    name: str
    place: Literal["path", "header"]
    key: str
    adapter: TypeAdapter[Any]
    required: bool = True


class Problem(Schema):
    """An error (RFC 9457): `code` is stable, `title` and `detail` are for people, the rest is what it is about."""

    model_config = {"extra": "allow"}

    type: str
    title: str
    status: int
    code: str
    detail: str


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
    parameters: tuple[_Parameter, ...]
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


def _parameter(name: str, annotation: Any, default: object, path: str) -> _Parameter:
    marks = [mark for mark in get_args(annotation)[1:] if isinstance(mark, FromHeader)]
    required = default is inspect.Parameter.empty
    if marks:
        return _Parameter(name, "header", marks[0].name, TypeAdapter(annotation), required)
    if f"{{{name}}}" not in path:
        raise TypeError(f"argument {name!r} is neither body, query, a part of {path} nor FromHeader")
    return _Parameter(name, "path", name, TypeAdapter(annotation))


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


def _from_path(parameter: _Parameter, request: Request) -> Any:
    try:
        value = parameter.adapter.validate_python(request.path_params[parameter.key])
    except ValidationError as error:
        # Somebody asks for `/lines/abc`: there is no such line, and more is nobody's business.
        raise NotFound() from error
    if isinstance(value, int) and abs(value) > LARGEST:
        raise NotFound()
    return value


def _from_header(parameter: _Parameter, request: Request, values: dict[str, Any]) -> None:
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
    body = operation.answer.dump_json(reply.body, by_alias=True)
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
        return _respond(operation, request, await operation.handler(request, **values))

    return answer


def operation_routes(operations: Iterable[Operation]) -> list[BaseRoute]:
    """One route for each path, whatever number of methods it has."""
    return list(by_path((one.path, one.method, _endpoint(one)) for one in operations))


# The document


def _key(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _shapes(operations: Iterable[Operation]) -> list[tuple[str, Mode, TypeAdapter[Any]]]:
    wanted: list[tuple[str, Mode, TypeAdapter[Any]]] = [("", "serialization", TypeAdapter(Problem))]
    for one in operations:
        if one.body:
            wanted.append((_key(one), "validation", TypeAdapter(one.body)))
        if one.answer:
            wanted.append((_key(one), "serialization", one.answer))
    return wanted


def _errors_of(operation: Operation) -> list[type[ShopError]]:
    found: list[type[ShopError]] = list(operation.errors)
    if any(parameter.place == "path" for parameter in operation.parameters):
        found.append(NotFound)
    if operation.body or operation.query or any(one.place == "header" for one in operation.parameters):
        found += [Malformed, Invalid]
    if operation.body:
        found += [WrongMediaType, TooLarge]
    if operation.method not in SAFE_METHODS:
        found.append(CrossSite)
    if operation.roles is not None:
        found += [SignInNeeded, Forbidden]
    return list(dict.fromkeys(found))


def _problem_responses(operation: Operation) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for error in _errors_of(operation):
        by_status.setdefault(error.status, []).append(error.code)
    reference = {"$ref": "#/components/schemas/Problem"}
    responses: dict[str, Any] = {}
    for status, codes in sorted(by_status.items()):
        only = {"type": "object", "properties": {"code": {"enum": sorted(set(codes))}}}
        responses[str(status)] = {
            "description": ", ".join(sorted(set(codes))),
            "content": {PROBLEM_JSON: {"schema": {"allOf": [reference, only]}}},
        }
    responses["default"] = {"description": "any other error", "content": {PROBLEM_JSON: {"schema": reference}}}
    return responses


def _query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema(ref_template=REFS)
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _inlined(part, schema.get("$defs", {}))}
        for name, part in schema.get("properties", {}).items()
    ]


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """A schema without references: parameters stand alone, and theirs are small."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
        return {key: _inlined(part, definitions) for key, part in schema.items()}
    return [_inlined(part, definitions) for part in schema] if isinstance(schema, list) else schema


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    listed = [
        {"name": one.key, "in": one.place, "required": one.required, "schema": one.adapter.json_schema()}
        for one in operation.parameters
    ]
    return listed + (_query_parameters(operation.query) if operation.query else [])


def _described(operation: Operation, schemas: Mapping[tuple[str, Mode], Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.summary}
    if operation.answer:
        success["content"] = {JSON: {"schema": schemas[_key(operation), "serialization"]}}
    described: dict[str, Any] = {
        "operationId": getattr(operation.handler, "__name__", operation.path),
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": _parameters(operation),
        "responses": {str(operation.status): success, **_problem_responses(operation)},
    }
    if operation.cache != headers.PRIVATE:
        described["responses"]["304"] = {"description": "the asker has it already"}
    if operation.body:
        described["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": schemas[_key(operation), "validation"]}},
        }
    if operation.roles is not None:
        described["security"] = [{"session": []}, {"bearer": []}]
    return described


def openapi_document(operations: Iterable[Operation], *, site_url: str, cookie: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of all operations.

    Raises ValueError when two handlers have one name: operation ids are promised to programs.
    """
    listed = [one for one in operations if one.path != DOCUMENT_PATH]
    schemas, definitions = TypeAdapter.json_schemas(_shapes(listed), ref_template=REFS)
    described: dict[str, dict[str, Any]] = {}
    names: set[str] = set()
    for one in listed:
        part = _described(one, schemas)
        if part["operationId"] in names:
            raise ValueError(f"two operations are called {part['operationId']}")
        names.add(part["operationId"])
        described.setdefault(one.path, {})[one.method.lower()] = part
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TwoComms shop",
            "version": "1",
            "description": "Amounts are integers of kopiyky. Writes need a same-origin `Origin` or a bearer token.",
        },
        "servers": [{"url": site_url}],
        "paths": described,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def document_route(document: Mapping[str, Any]) -> Route:
    """`GET /api/v1/openapi.json`: the same bytes for everybody until the next start."""
    body = orjson.dumps(document)
    etag = f'"{sha256(body).hexdigest()[:20]}"'
    sent = {"cache-control": headers.REVALIDATE, "etag": etag}

    async def show_document(request: Request) -> Response:
        if not_modified(request, etag):
            return Response(status_code=304, headers=sent)
        return Response(body, media_type=JSON, headers=sent)

    return Route(DOCUMENT_PATH, show_document)
