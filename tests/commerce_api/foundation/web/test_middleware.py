"""The layers around every request, and their order."""

from collections.abc import AsyncIterator

import pytest
import structlog
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.application import layers, make_application
from commerce_api.foundation.web.cookies import set_cookie
from commerce_api.foundation.web.errors import Malformed
from commerce_api.foundation.web.openapi import api
from commerce_api.foundation.web.parsing import Schema
from commerce_api.foundation.web.rates import Limiter
from commerce_api.foundation.web.rendering import Renderer
from commerce_api.foundation.web.shared import Shared
from tests.commerce_api.foundation.web.apps import OWN, publish, visiting
from tests.services import make_settings

pytestmark = pytest.mark.anyio


class Text(Schema):
    text: str


@api("POST", "/api/v1/echo", summary="Echo")
async def echo(request: Request, body: Text) -> Text:
    return body


async def nonce(request: Request) -> Response:
    return PlainTextResponse(request.state.csp_nonce)


async def cookie_then_error(request: Request) -> Response:
    set_cookie(request, "cart", "token")
    raise Malformed()


async def cookie(request: Request) -> Response:
    set_cookie(request, "cart", "token")
    return PlainTextResponse("ok", headers={"cache-control": "public, max-age=60"})


@pytest.fixture
def app(settings: Settings) -> ASGIApp:
    publish(settings)
    return make_application(
        settings,
        operations=(echo,),
        routes=[
            Mount("/admin", routes=[Route("/", nonce)]),
            Route("/account/error", cookie_then_error),
            Route("/account/cookie", cookie),
            Route("/webhooks/bank", cookie, methods=["POST"]),
            Route("/order/{token}/", nonce_missing),
        ],
    )


async def nonce_missing(request: Request) -> Response:
    return PlainTextResponse("order")


def _name(layer: Middleware) -> str:
    if isinstance(layer.cls, type):
        return layer.cls.__name__
    return str(getattr(layer.cls, "__qualname__", "")).split(".")[0]


def test_the_order_of_the_layers_is_the_one_written_down(settings: Settings) -> None:
    made = layers(settings, renderer=Renderer(settings), limiter=Limiter(settings), shared=Shared(settings))
    found = [_name(layer) for layer in made]

    assert found == [
        "carry",
        "knock_after_writes",
        "log_requests",
        "guard_responses",
        "write_cookies",
        "answer_errors",
        "check_host",
        "limit_rates",
        "limit_announced",
        RequestBodyLimitMiddleware.__name__,
        "refuse_foreign_writes",
        "identify",
    ]


async def test_a_write_from_another_site_is_refused_and_one_of_ours_is_not(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        foreign = await visitor.post("/api/v1/echo", json={"text": "x"}, headers={"Origin": "https://evil.test"})
        silent = await visitor.post("/api/v1/echo", json={"text": "x"})
        ours = await visitor.post("/api/v1/echo", json={"text": "x"}, headers=OWN)
        webhook = await visitor.post("/webhooks/bank")

    assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site")
    assert (silent.status_code, ours.status_code, webhook.status_code) == (403, 200, 200)


@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test", "localhost:8001", ""])
async def test_a_name_that_is_not_ours_is_refused(app: ASGIApp, host: str) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.get("/api/v1/openapi.json", headers={"Host": host})

    assert (answer.status_code, answer.json()["code"]) == (421, "unknown_host")


async def test_health_is_answered_under_any_name(app: ASGIApp) -> None:
    async with visiting(app) as watcher:
        answer = await watcher.get("/healthz", headers={"Host": "10.0.0.7:9000"})

    assert answer.status_code == 200


async def test_in_development_both_names_of_this_machine_are_ours(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = make_settings(tmp_path_factory.mktemp("dev"), TWOCOMMS_ENV="dev", PORT="8123")
    app = make_application(settings, operations=(echo,))

    async with visiting(app) as visitor:
        for host in ("localhost:8123", "127.0.0.1:8123"):
            answer = await visitor.post(
                "/api/v1/echo", json={"text": "x"}, headers={"Host": host, "Origin": f"http://{host}"}
            )
            assert answer.status_code == 200


async def test_a_body_that_is_too_long_is_refused_announced_or_not(app: ASGIApp) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        for _ in range(70):
            yield b"x" * 1024
        yield b'"}'

    json = {**OWN, "content-type": "application/json"}
    async with visiting(app, headers=json) as program:
        announced = await program.post("/api/v1/echo", content=b"x" * 70_000)
        streamed = await program.post("/api/v1/echo", content=chunks())

    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_every_answer_has_a_request_id_and_takes_over_a_decent_one(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        own = await visitor.get("/api/v1/nothing")
        taken = await visitor.get("/api/v1/nothing", headers={"X-Request-Id": "edge-0123456789"})
        refused = await visitor.get("/api/v1/nothing", headers={"X-Request-Id": "x\ty"})

    assert len(own.headers["x-request-id"]) == 16
    assert taken.headers["x-request-id"] == "edge-0123456789"
    assert refused.headers["x-request-id"] != "x\ty"


async def test_a_nonce_is_new_for_each_page_of_the_office_and_stands_in_its_policy(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        first, second = await visitor.get("/admin/"), await visitor.get("/admin/")

    assert first.text != second.text
    assert f"'nonce-{first.text}'" in first.headers["content-security-policy"]


async def test_cookies_noted_before_an_error_are_not_given(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.get("/account/error")

    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


async def test_an_answer_with_a_cookie_is_kept_by_nobody(app: ASGIApp) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.get("/account/cookie")

    assert answer.headers["set-cookie"] == "cart=token; Path=/; HttpOnly; SameSite=Lax"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_request_is_logged_without_its_query(app: ASGIApp) -> None:
    with structlog.testing.capture_logs() as logs:
        async with visiting(app) as visitor:
            await visitor.get("/api/v1/nothing?phone=0671234567")
            await visitor.get("/healthz")

    (line,) = [line for line in logs if line["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/nothing", 404)
    assert "0671234567" not in str(line)


async def test_on_https_every_answer_insists_on_https(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = make_settings(tmp_path_factory.mktemp("https"), TWOCOMMS_SITE_URL="https://shop.test")
    app = make_application(settings, routes=[Route("/account/cookie", cookie)])

    async with visiting(app, headers={"Host": "shop.test"}) as visitor:
        found = await visitor.get("/account/cookie")
        missing = await visitor.get("/api/v1/nothing")

    assert found.headers["set-cookie"] == "__Host-cart=token; Path=/; HttpOnly; SameSite=Lax; Secure"
    for answer in (found, missing):
        assert answer.headers["strict-transport-security"] == "max-age=63072000"
