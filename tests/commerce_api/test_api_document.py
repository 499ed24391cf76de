"""The document of the real API: it says what the routes do, and its examples are such as the calls accept."""

from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter
from starlette.routing import Route

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import headers
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.documenting import DOCUMENT_PATH, openapi_document
from commerce_api.foundation.web.openapi import Operation
from commerce_api.wiring import OPERATIONS

JSON = "application/json"
CALLS = {
    "GET /api/v1/products", "GET /api/v1/products/{slug}", "GET /api/v1/categories", "GET /live/{slug}.json",
    "GET /api/v1/cart", "POST /api/v1/cart/lines", "PATCH /api/v1/cart/lines/{line}",
    "DELETE /api/v1/cart/lines/{line}", "POST /api/v1/cart/promo", "DELETE /api/v1/cart/promo",
    "POST /api/v1/checkout/quote", "POST /api/v1/checkout", "GET /api/v1/orders/{token}",
    "POST /api/v1/orders/{token}/cancel", "POST /api/v1/restock", "POST /api/v1/search-misses",
    "POST /api/v1/staff/rebuild", "GET /api/v1/staff/rebuild/{number}", "GET /api/v1/staff/products/{slug}",
    "PATCH /api/v1/staff/products/{slug}", "GET /api/v1/staff/orders",
    "POST /api/v1/staff/orders/{number}/transition", "POST /api/v1/staff/orders",
    "GET /api/v1/staff/orders/{number}", "PATCH /api/v1/staff/orders/{number}",
    "POST /api/v1/staff/orders/{number}/exchange",
}  # fmt: skip
"""What programs were promised: a call may join this list, none may leave it."""

DOCUMENT = openapi_document(OPERATIONS, site_url="http://localhost:8000")


def name_of(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def described(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][operation.path][operation.method.lower()]
    return found


every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)


def test_no_call_that_was_promised_is_gone() -> None:
    assert {name_of(one) for one in OPERATIONS} >= CALLS


def test_the_document_names_exactly_the_routes_that_answer(settings: Settings) -> None:
    app = make_application(settings, operations=OPERATIONS)
    answering = {
        (route.path, method)
        for route in app.routes
        if isinstance(route, Route)
        and route.path.startswith(("/api/v1", "/live", "/webhooks"))
        and route.path != DOCUMENT_PATH
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert answering == {(path, method.upper()) for path, methods in DOCUMENT["paths"].items() for method in methods}


@every_operation
def test_the_examples_are_such_as_the_call_takes_and_gives(operation: Operation) -> None:
    told = described(operation)

    if operation.body:
        sent = told["requestBody"]["content"][JSON]["example"]
        TypeAdapter(operation.body).validate_json(orjson.dumps(sent), strict=True)
    if operation.answer:
        operation.answer.validate_json(
            orjson.dumps(told["responses"][str(operation.status)]["content"][JSON]["example"])
        )
    for parameter in operation.parameters:
        example = next(one["example"] for one in told["parameters"] if one["name"] == parameter.key)
        parameter.adapter.validate_python(example)


@every_operation
def test_every_call_says_in_words_what_it_does_and_when_to_ask_again(operation: Operation) -> None:
    told = described(operation)

    assert told["summary"]
    assert told["description"]
    for status in ("429", "503"):
        assert "Retry-After" in told["responses"][status]["headers"]
    public = operation.cache != headers.PRIVATE
    assert ("304" in told["responses"]) == public
    assert ("ETag" in told["responses"][str(operation.status)]["headers"]) == public


def test_whoever_needs_a_cart_or_a_role_is_told_how_to_show_it() -> None:
    schemes = set(DOCUMENT["components"]["securitySchemes"])
    for operation in OPERATIONS:
        asked = {name for one in described(operation).get("security", ()) for name in one}
        assert asked <= schemes
        if operation.roles is not None:
            assert asked == {"session", "bearer"}
    assert {"cart_token": []} in DOCUMENT["paths"]["/api/v1/checkout"]["post"]["security"]
