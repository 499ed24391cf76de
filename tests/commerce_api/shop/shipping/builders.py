"""A carrier to speak to: the adapter over the stand-in's application, on the clock of the test."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx2

from commerce_api.foundation.kit import clock
from commerce_api.foundation.outside_settings import NovaPoshta, Sender
from commerce_api.integrations.nova_poshta import NovaPoshtaCarrier, carrier
from commerce_api.shop.shipping import mirror
from commerce_api.shop.shipping.directory import Point, find_cities, find_points
from commerce_api.shop.shipping.states import PointKind
from sandbox import nova_poshta
from sandbox.clock import Clock
from sandbox.environment import PARCELS_KEY, SENDER
from sandbox.nova_poshta_office import Office, no
from sandbox.nova_poshta_parcels import Depot
from sandbox.world import World

SETTINGS: Final = NovaPoshta(
    api_key=PARCELS_KEY,
    url="https://api.carrier.test/v2.0/json/",
    sender=Sender(**{name.removeprefix("NOVA_POSHTA_SENDER_").lower(): value for name, value in SENDER.items()}),
)


class TestClock(Clock):
    """The sandbox lives by the clock of the test."""

    __test__ = False

    def now(self) -> datetime:
        return clock.now()


class Line:
    """The wire to the stand-in: remembers what was asked, loses replies and breaks on demand; while `held` is not set,
    nothing is answered."""

    def __init__(self) -> None:
        self.stand_in: Any = nova_poshta.app(World(clock=TestClock()))
        self.asked: list[str] = []
        self.broken: dict[str, str] = {}
        self.held: asyncio.Event | None = None
        self._inner = httpx2.ASGITransport(app=self.stand_in)

    @property
    def office(self) -> Office:
        """What the stand-in knows."""
        office: Office = self.stand_in.state.office
        return office

    @property
    def depot(self) -> Depot:
        """Its parcels."""
        return self.office.depot

    def carrier(self, settings: NovaPoshta = SETTINGS) -> NovaPoshtaCarrier:
        """An adapter that does not wait between its tries."""
        made, outsides = carrier(settings, _Wire(self, self._inner))
        for outside in outsides:
            outside._pause = _no_pause
        return made

    def pushed(self, number: str, *moves: str) -> None:
        """Somebody moves a parcel at the carrier's."""
        for move in moves:
            assert self.depot.push(number, move), (number, move)


async def _no_pause(_seconds: float) -> None:
    return


class _Wire(httpx2.AsyncBaseTransport):
    """Counts calls by their method, and breaks those that `Line.broken` names: silent, lost, html, wrong, busy."""

    def __init__(self, line: Line, inner: httpx2.AsyncBaseTransport) -> None:
        self._line, self._inner = line, inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        method = self._named(await request.aread())
        self._line.asked.append(method)
        if self._line.held is not None:
            await self._line.held.wait()
        fault = self._line.broken.get(method) or self._line.broken.get("*")
        if fault == "silent":
            raise httpx2.ConnectError("nobody there")
        if fault == "busy":
            return httpx2.Response(200, json=no("20000401501", "To many requests"))
        if fault == "html":
            return httpx2.Response(502, text="<html>Bad Gateway</html>")
        answer = await self._inner.handle_async_request(request)
        if fault == "lost":
            await answer.aread()
            raise httpx2.ReadTimeout("the reply is lost")
        if fault == "wrong":
            return httpx2.Response(200, text='{"success": tr')
        return answer

    @staticmethod
    def _named(body: bytes) -> str:
        if b'"modelName":"Counterparty"' in body:
            return "person"
        found = body.partition(b'"calledMethod":"')[2]
        return found.partition(b'"')[0].decode() or "label"


async def mirrored(line: Line | None = None) -> Line:
    """A line whose directory is in our tables."""
    made = line or Line()
    await mirror.mirror(made.carrier())
    made.asked.clear()
    return made


async def a_point(
    city: str = "Львів", kind: PointKind = PointKind.BRANCH, typed: str = "", *, cash: bool = True
) -> Point:
    """The first point of a kind in a city that takes cash or not."""
    points: Sequence[Point] = await find_points((await find_cities(city))[0].ref, typed or _WORD[kind], 60)
    return next(point for point in points if point.kind is kind and point.cash is cash)


_WORD: Final = {PointKind.BRANCH: "відділення", PointKind.LOCKER: "поштомат"}


def later(**ago: float) -> Any:
    """The clock stands so much later."""
    return clock.frozen(clock.now() + timedelta(**ago))


def without_key() -> NovaPoshta:
    """Settings with a key that the carrier does not know."""
    return replace(SETTINGS, api_key="another-key")
