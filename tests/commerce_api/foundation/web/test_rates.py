"""How often one visitor may ask, in memory and over a real Redis."""

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace

import pytest
from starlette.requests import Request

from commerce_api.foundation.errors import TooMany
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import rates
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.openapi import api
from commerce_api.foundation.web.rates import Limiter, Rate, network_of, rate_of
from commerce_api.foundation.web.shared import REST
from deploy import services
from tests.commerce_api.foundation.web.apps import OWN, publish, visiting
from tests.services import folder

pytestmark = pytest.mark.anyio

FEW = Rate("few", 3, 60)


@pytest.fixture
def limited(settings: Settings) -> Settings:
    return replace(settings, limits=True)


@pytest.fixture
def redis() -> Iterator[services.Service]:
    # Below the folder that the server's own user may enter; pytest's is for root alone.
    port = services.free_port()
    service = services.redis(folder() / f"redis-{port}", port)
    services.start(service)
    yield service
    services.stop(service)


async def _passed(limiter: Limiter, who: str, times: int) -> int:
    passed = 0
    for _ in range(times):
        try:
            await limiter.count(FEW, who)
        except TooMany:
            continue
        passed += 1
    return passed


@pytest.mark.parametrize(
    ("method", "path", "rate"),
    [
        ("GET", "/cart/", rates.READ),
        ("GET", "/find/", rates.SEARCH),
        ("GET", "/en/find/", rates.SEARCH),
        ("GET", "/api/v1/products", rates.SEARCH),
        ("POST", "/cart/add", rates.WRITE),
        ("DELETE", "/api/v1/cart/lines/1", rates.WRITE),
        ("POST", "/en/checkout/", rates.CHECKOUT),
        ("POST", "/api/v1/checkout", rates.CHECKOUT),
        ("POST", "/account/sign-in/", rates.SIGN_IN),
        ("POST", "/api/v1/auth/login", rates.SIGN_IN),
        ("POST", "/admin/login", rates.SIGN_IN),
        ("POST", "/webhooks/monobank", rates.SIGNED_MESSAGE),
        ("GET", "/healthz", None),
        ("GET", "/readyz", None),
        ("GET", "/metrics", None),
    ],
)
def test_each_kind_of_request_has_its_rate(method: str, path: str, rate: Rate | None) -> None:
    assert rate_of(method, path) is rate


def test_neighbours_in_one_ipv6_network_count_as_one_and_two_ipv4_addresses_as_two() -> None:
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("testclient") == "testclient"


async def test_one_too_many_is_told_how_long_to_wait_and_others_are_not_touched(limited: Settings) -> None:
    limiter = Limiter(limited)

    assert await _passed(limiter, "192.0.2.1", 5) == 3
    assert await _passed(limiter, "192.0.2.2", 3) == 3
    with pytest.raises(TooMany) as refused:
        await limiter.count(FEW, "192.0.2.1")
    assert 1 <= refused.value.retry_after <= 60


async def test_rates_of_different_kinds_are_counted_apart(limited: Settings) -> None:
    limiter = Limiter(limited)
    await _passed(limiter, "192.0.2.1", 3)

    await limiter.count(Rate("other", 1), "192.0.2.1")


async def test_without_limits_nothing_is_counted(settings: Settings) -> None:
    assert await _passed(Limiter(replace(settings, limits=False)), "192.0.2.1", 50) == 50


async def test_two_processes_with_one_redis_count_together(limited: Settings, redis: services.Service) -> None:
    shared = replace(limited, redis_url=redis.url)
    first, second = Limiter(shared), Limiter(shared)

    async with aclosing(first), aclosing(second):
        assert await _passed(first, "192.0.2.1", 2) + await _passed(second, "192.0.2.1", 5) == 3


async def test_when_redis_dies_the_memory_counts_and_when_it_is_back_redis_does(
    limited: Settings, redis: services.Service
) -> None:
    now = 0.0
    async with aclosing(Limiter(replace(limited, redis_url=redis.url), clock=lambda: now)) as limiter:
        assert await _passed(limiter, "192.0.2.1", 3) == 3

        services.stop(redis)
        assert await _passed(limiter, "192.0.2.1", 9) == 3
        services.start(redis)
        assert await _passed(limiter, "192.0.2.1", 9) == 0

        now = REST + 1
        assert await _passed(limiter, "192.0.2.1", 9) == 3


async def test_a_shop_whose_redis_died_is_degraded_and_goes_on(limited: Settings, redis: services.Service) -> None:
    async with visiting(make_application(replace(limited, redis_url=redis.url))) as watcher:
        well = await watcher.get("/readyz")
        services.stop(redis)
        ill = await watcher.get("/readyz")

    assert (well.status_code, well.json()["status"]) == (200, "ready")
    assert well.json()["uses"] == {"limits": "redis", "answers": "redis"}
    assert (ill.status_code, ill.json()["status"]) == (200, "degraded")
    assert ill.json()["uses"] == {"limits": "memory", "answers": "database"}


@api("POST", "/api/v1/auth/echo", summary="Echo")
async def echo(request: Request) -> None:
    return None


async def test_a_visitor_who_asks_too_often_gets_429_and_a_time_whatever_address_he_writes(limited: Settings) -> None:
    publish(limited)
    app = make_application(limited, operations=(echo,))
    async with visiting(app) as visitor:
        answers = [
            await visitor.post("/api/v1/auth/echo", headers={**OWN, "X-Forwarded-For": f"198.51.100.{turn}"})
            for turn in range(rates.SIGN_IN.amount + 1)
        ]

    assert [answer.status_code for answer in answers[:-1]] == [204] * rates.SIGN_IN.amount
    last = answers[-1]
    assert last.status_code == 429
    assert last.json()["code"] == "too_many"
    assert 1 <= int(last.headers["retry-after"]) <= 60
