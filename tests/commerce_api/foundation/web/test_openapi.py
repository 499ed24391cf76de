"""JSON routes from annotated functions, and the document they add up to."""

from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.types import ASGIApp

from commerce_api.foundation.errors import Conflict
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import headers
from commerce_api.foundation.web.access import requires
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.documenting import openapi_document
from commerce_api.foundation.web.openapi import FromHeader, Operation, Reply, api
from commerce_api.foundation.web.parsing import OMIT_NONE, Schema
from tests.commerce_api.foundation.web.apps import OWN, visiting

pytestmark = pytest.mark.anyio


class SoldOut(Conflict):
    code = "sold_out"


class NewLine(Schema):
    sku: Annotated[str, Field(max_length=20)]
    quantity: Annotated[int, Field(ge=1, le=50)]


class Line(Schema):
    id: int
    sku: str
    note: Annotated[str | None, OMIT_NONE] = None


class Search(Schema):
    q: Annotated[str, Field(max_length=10)] = ""
    page: Annotated[int, Field(ge=1)] = 1


Key = Annotated[str, Field(min_length=4), FromHeader("Idempotency-Key")]


@api("GET", "/api/v1/lines", summary="All lines", cache=headers.REVALIDATE)
async def list_lines(request: Request, query: Search) -> list[Line]:
    return [Line(id=query.page, sku=query.q)]


@api("POST", "/api/v1/lines", summary="One more line", errors=(SoldOut,), status=201)
async def add_line(request: Request, body: NewLine, key: Key) -> Reply[Line]:
    if body.sku == "GONE":
        raise SoldOut(sku=body.sku, left=0)
    return Reply(Line(id=body.quantity, sku=body.sku), headers={"x-key": key})


@api("PATCH", "/api/v1/lines/{line}", summary="Change a line")
async def change_line(request: Request, line: int, body: NewLine) -> Line:
    return Line(id=line, sku=body.sku, note="changed")


@api("DELETE", "/api/v1/lines/{line}", summary="Remove a line")
async def remove_line(request: Request, line: int) -> None:
    return None


@api("POST", "/api/v1/staff/lines", summary="Staff only")
@requires("staff")
async def staff_line(request: Request, body: NewLine) -> Line:
    return Line(id=1, sku=body.sku)


OPERATIONS = (list_lines, add_line, change_line, remove_line, staff_line)


@pytest.fixture
def app(settings: Settings) -> ASGIApp:
    return make_application(settings, operations=OPERATIONS)


async def test_body_path_and_header_reach_the_handler_and_its_answer_the_asker(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as program:
        made = await program.post(
            "/api/v1/lines", json={"sku": "TEE", "quantity": 2}, headers={"Idempotency-Key": "k-123"}
        )
        changed = await program.patch("/api/v1/lines/7", json={"sku": "TEE", "quantity": 3})
        removed = await program.delete("/api/v1/lines/7")

    assert (made.status_code, made.json()) == (201, {"id": 2, "sku": "TEE"})
    assert made.headers["x-key"] == "k-123"
    assert made.headers["content-type"] == "application/json"
    assert made.headers["cache-control"] == "no-store"
    assert changed.json() == {"id": 7, "sku": "TEE", "note": "changed"}
    assert (removed.status_code, removed.content) == (204, b"")


async def test_a_missing_or_bad_header_is_refused_like_a_field(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as program:
        missing = await program.post("/api/v1/lines", json={"sku": "T", "quantity": 1})
        short = await program.post("/api/v1/lines", json={"sku": "T", "quantity": 1}, headers={"Idempotency-Key": "k"})

    assert missing.status_code == short.status_code == 422
    assert missing.json()["fields"]["Idempotency-Key"]["code"] == "missing"
    assert short.json()["fields"]["Idempotency-Key"]["code"] == "too_short"


async def test_a_refusal_of_the_room_becomes_a_problem_document(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as program:
        answer = await program.post(
            "/api/v1/lines", json={"sku": "GONE", "quantity": 1}, headers={"Idempotency-Key": "k-123"}
        )

    problem = answer.json()
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["status"], problem["sku"], problem["left"]) == ("sold_out", 409, "GONE", 0)
    assert problem["type"] == "/api/docs#sold_out"


@pytest.mark.parametrize("line", ["abc", "1.5", "9223372036854775808", "%00"])
async def test_a_path_that_names_no_such_thing_is_not_found(app: ASGIApp, line: str) -> None:
    async with visiting(app, headers=OWN) as program:
        answer = await program.delete(f"/api/v1/lines/{line}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_a_query_field_may_come_once_and_must_be_known(app: ASGIApp) -> None:
    async with visiting(app) as program:
        fine = await program.get("/api/v1/lines?q=a&page=2")
        doubled = await program.get("/api/v1/lines?q=a&q=b")
        unknown = await program.get("/api/v1/lines?z=1")

    assert fine.json() == [{"id": 2, "sku": "a"}]
    assert (doubled.status_code, unknown.status_code) == (400, 422)


async def test_a_public_answer_is_not_sent_again_to_who_has_it(app: ASGIApp) -> None:
    async with visiting(app) as program:
        first = await program.get("/api/v1/lines")
        again = await program.get("/api/v1/lines", headers={"If-None-Match": f'W/"x", {first.headers["etag"]}'})
        other = await program.get("/api/v1/lines?page=3", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "public, no-cache"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert other.status_code == 200


async def test_a_path_without_the_method_names_all_methods_it_has(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as program:
        answer = await program.put("/api/v1/lines/7")

    assert answer.status_code == 405
    assert {part.strip() for part in answer.headers["allow"].split(",")} == {"DELETE", "PATCH"}


async def test_who_may_not_come_in_is_not_told_what_is_wrong_with_the_body(app: ASGIApp) -> None:
    async with visiting(app, headers=OWN) as program:
        answer = await program.post("/api/v1/staff/lines", content=b"{")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_document_describes_every_operation(app: ASGIApp) -> None:
    async with visiting(app) as program:
        answer = await program.get("/api/v1/openapi.json")
    document = answer.json()

    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert document["openapi"] == "3.1.0"
    assert described == {(one.path, one.method.lower()) for one in OPERATIONS}
    post = document["paths"]["/api/v1/lines"]["post"]
    assert post["operationId"] == "add_line"
    assert set(post["responses"]) == {"201", "400", "403", "409", "413", "415", "422", "429", "503", "default"}
    assert post["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/NewLine"}
    assert {one["name"]: one["in"] for one in post["parameters"]} == {"Idempotency-Key": "header"}
    assert "304" in document["paths"]["/api/v1/lines"]["get"]["responses"]
    assert document["paths"]["/api/v1/staff/lines"]["post"]["security"]


async def test_the_document_holds_every_schema_it_points_to() -> None:
    document = openapi_document(OPERATIONS, site_url="http://localhost")

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if "$ref" in value else set()
            return own.union(*(references(part) for part in value.values()))
        return set().union(*(references(part) for part in value)) if isinstance(value, list) else set()

    known = {f"#/components/{kind}/{name}" for kind, parts in document["components"].items() for name in parts}
    assert references(document) <= known


async def test_a_field_left_out_when_none_is_not_promised_by_the_document() -> None:
    document = openapi_document(OPERATIONS, site_url="http://localhost")

    assert "note" not in document["components"]["schemas"]["Line"].get("required", [])


def test_two_operations_of_one_name_stop_the_start() -> None:
    with pytest.raises(ValueError, match="add_line"):
        openapi_document((add_line, add_line), site_url="http://localhost")


def test_two_handlers_for_one_method_of_a_path_stop_the_start(settings: Settings) -> None:
    twin = api("GET", "/api/v1/lines", summary="The same again")(remove_without_path)

    with pytest.raises(ValueError, match="two handlers for GET /api/v1/lines"):
        make_application(settings, operations=(list_lines, twin))


async def remove_without_path(request: Request) -> None:
    return None


def test_an_argument_from_nowhere_stops_the_start() -> None:
    async def lost(request: Request, line: int) -> None:
        return None

    with pytest.raises(TypeError, match="'line'"):
        api("GET", "/api/v1/nowhere", summary="-")(lost)


def test_an_operation_can_be_called_like_its_handler() -> None:
    assert isinstance(change_line, Operation)
    assert isinstance(change_line.answer, TypeAdapter)
