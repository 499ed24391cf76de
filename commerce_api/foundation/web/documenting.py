"""The one OpenAPI 3.1 document that all operations add up to, with examples, errors by code, and what headers mean."""

import inspect
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final, Literal

import orjson
from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commerce_api.foundation.errors import (
    Forbidden,
    Invalid,
    NotFound,
    ShopError,
    SignInNeeded,
    TooMany,
    Unavailable,
)
from commerce_api.foundation.web import headers, paths
from commerce_api.foundation.web.cookies import cookie_name
from commerce_api.foundation.web.csrf import SAFE_METHODS
from commerce_api.foundation.web.error_texts import error_title
from commerce_api.foundation.web.errors import CrossSite, Malformed, TooLarge, UnfitText, WrongMediaType
from commerce_api.foundation.web.examples import SAMPLES, example_of
from commerce_api.foundation.web.openapi import Operation, not_modified
from commerce_api.foundation.web.parsing import JSON, Schema
from commerce_api.foundation.web.problems import PROBLEM_JSON
from commerce_api.foundation.web.rates import rate_of

Mode = Literal["validation", "serialization"]
Shapes = Mapping[tuple[str, Mode], Any]
REFS: Final = "#/components/schemas/{model}"
DOCUMENT_PATH: Final = "/api/v1/openapi.json"
PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}

CART_PATHS: Final = ("/api/v1/cart", "/api/v1/checkout")
"""Calls that work on a guest's cart: the browser's by its cookie, a program's by the header it was given."""

DESCRIPTION: Final = """The shop for programs: the catalogue, a cart, and an order, without a browser.

Amounts are whole kopiyky (100 to the hryvnia). Times are UTC, with their offset.
Lists answer `{items, page, pages, total}`; ask for `page=` from 1, a page beyond the last is empty.
A write carries `Origin: <address of the shop>` or a bearer token.
A program without cookies keeps the `X-Cart-Token` that the first line of its cart came back with, and sends it along.
Errors are `application/problem+json`: `code` never changes its meaning, `detail` is a sentence for people.
`Accept-Language: uk` or `en` chooses the language of sentences and names."""

HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "ETag": {
        "description": "Send it back as `If-None-Match`: the same answer is then 304 without a body.",
        "schema": {"type": "string", "examples": ['"6ad5c4b0f6b1a2d38c1f"']},
    },
    "Retry-After": {
        "description": "Seconds to wait before asking again.",
        "schema": {"type": "integer", "minimum": 0, "examples": [12]},
    },
    "X-Cart-Token": {
        "description": "The secret of the cart, for programs without cookies. Pages in a browser never see it.",
        "schema": {"type": "string", "examples": [SAMPLES["token"]]},
    },
    "X-Request-Id": {
        "description": "The name of this request in our log; a request may bring its own.",
        "schema": {"type": "string", "examples": ["5f1c2a9be0d34c77"]},
    },
}


class Problem(Schema):
    """An error (RFC 9457): `code` is stable, `title` and `detail` are for people, the rest is what it is about."""

    model_config = {"extra": "allow"}

    type: str
    title: str
    status: int
    code: str
    detail: str


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


def errors_of(operation: Operation) -> list[type[ShopError]]:
    """What an operation may answer instead: its own errors, and those of reading and guarding it."""
    found: list[type[ShopError]] = list(operation.errors)
    if any(parameter.place == "path" for parameter in operation.parameters):
        found.append(NotFound)
    if operation.body or operation.query or any(one.place == "header" for one in operation.parameters):
        found += [Malformed, Invalid, UnfitText]
    if operation.body:
        found += [WrongMediaType, TooLarge]
    if operation.method not in SAFE_METHODS:
        found.append(CrossSite)
    if operation.roles is not None:
        found += [SignInNeeded, Forbidden]
    if rate_of(operation.method, operation.path):
        found.append(TooMany)
    return list(dict.fromkeys([*found, Unavailable]))


def problem_example(error: type[ShopError]) -> dict[str, Any]:
    """The problem document of an error, without the details of a case."""
    title = error_title(error.status, "en")
    return {
        "type": f"{paths.DOCS}#{error.code}",
        "title": title,
        "status": error.status,
        "code": error.code,
        "detail": title,
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem_responses(operation: Operation) -> dict[str, Any]:
    by_status: dict[int, list[type[ShopError]]] = {}
    for error in errors_of(operation):
        by_status.setdefault(error.status, []).append(error)
    responses: dict[str, Any] = {}
    for status, errors in sorted(by_status.items()):
        codes = sorted({error.code for error in errors})
        only = {"type": "object", "properties": {"code": {"enum": codes}}}
        later = ("Retry-After",) if status in {429, 503} else ()
        responses[str(status)] = {
            "description": ", ".join(codes),
            "headers": _headers("X-Request-Id", *later),
            "content": {
                PROBLEM_JSON: {
                    "schema": {"allOf": [PROBLEM, only]},
                    "examples": {error.code: {"value": problem_example(error)} for error in errors},
                }
            },
        }
    responses["default"] = {"description": "any other error", "content": {PROBLEM_JSON: {"schema": PROBLEM}}}
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
        {
            "name": one.key,
            "in": one.place,
            "required": one.required,
            "schema": one.adapter.json_schema(),
            "example": example_of(one.adapter.json_schema(), {}, one.key),
        }
        for one in operation.parameters
    ]
    return listed + (_query_parameters(operation.query) if operation.query else [])


def _works_on_cart(operation: Operation) -> bool:
    return any(paths.within(operation.path, prefix) for prefix in CART_PATHS)


def _security(operation: Operation) -> list[dict[str, list[str]]] | None:
    if operation.roles is not None:
        return [{"session": []}, {"bearer": []}]
    if _works_on_cart(operation):
        return [{"cart_token": []}, {"cart": []}, {}]
    return None


def _success(operation: Operation, shapes: Shapes, definitions: Mapping[str, Any]) -> dict[str, Any]:
    names = ["X-Request-Id"]
    if operation.cache != headers.PRIVATE:
        names.append("ETag")
    if _works_on_cart(operation) and operation.method == "POST" and operation.path.endswith("/lines"):
        names.append("X-Cart-Token")
    success: dict[str, Any] = {"description": operation.summary, "headers": _headers(*names)}
    if operation.answer:
        schema = shapes[_key(operation), "serialization"]
        success["content"] = {JSON: {"schema": schema, "example": example_of(schema, definitions)}}
    return success


def _described(operation: Operation, shapes: Shapes, definitions: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": getattr(operation.handler, "__name__", operation.path),
        "summary": operation.summary,
        "description": inspect.getdoc(operation.handler) or operation.summary,
        "tags": [operation.tag],
        "parameters": _parameters(operation),
        "responses": {
            str(operation.status): _success(operation, shapes, definitions),
            **_problem_responses(operation),
        },
    }
    if operation.cache != headers.PRIVATE:
        described["responses"]["304"] = {"description": "the asker has it already", "headers": _headers("ETag")}
    if operation.body:
        schema = shapes[_key(operation), "validation"]
        content = {JSON: {"schema": schema, "example": example_of(schema, definitions)}}
        described["requestBody"] = {"required": True, "content": content}
    security = _security(operation)
    if security:
        described["security"] = security
    if operation.roles is not None:
        described["x-roles"] = sorted(operation.roles)
    return described


def openapi_document(operations: Iterable[Operation], *, site_url: str, secure: bool = False) -> dict[str, Any]:
    """The OpenAPI 3.1 document of all operations; `secure` sites have other names for their cookies.

    Raises ValueError when two handlers have one name: operation ids are promised to programs.
    """
    listed = [one for one in operations if one.path != DOCUMENT_PATH]
    shapes, found = TypeAdapter.json_schemas(_shapes(listed), ref_template=REFS)
    definitions = found.get("$defs", {})
    described: dict[str, dict[str, Any]] = {}
    names: set[str] = set()
    for one in listed:
        part = _described(one, shapes, definitions)
        if part["operationId"] in names:
            raise ValueError(f"two operations are called {part['operationId']}")
        names.add(part["operationId"])
        described.setdefault(one.path, {})[one.method.lower()] = part
    return {
        "openapi": "3.1.0",
        "info": {"title": "TwoComms shop", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": site_url}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in listed)],
        "paths": described,
        "components": {
            "schemas": definitions,
            "headers": dict(HEADERS),
            "securitySchemes": _schemes(secure=secure),
        },
    }


def _schemes(*, secure: bool) -> dict[str, dict[str, str]]:
    def cookie(name: str, description: str) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": cookie_name(name, secure=secure), "description": description}

    return {
        "session": cookie("sid", "A browser that is signed in."),
        "bearer": {"type": "http", "scheme": "bearer", "description": "A token of an account, for programs."},
        "cart": cookie("cart", "A browser's cart."),
        "cart_token": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Cart-Token",
            "description": "A program's cart: the first line put into it answers the token.",
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
