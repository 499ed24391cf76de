"""Checkouts while the services outside are there, away, or take calls and say nothing: what a shopper feels of it.

python -m bench.outside [--quick] [--orders N] [--rounds N] [--no-store]
"""

import asyncio
import statistics
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import httpx2

from bench import catalogue, cluster, command, ledger, report, servers, shelves, shoppers
from bench.api import OURS, STOCK, prices_of
from bench.figures import Figure, Results
from bench.http import Connection
from bench.places import SITE, Place, folder, python
from commerce_api.foundation.db import migrate, setup
from commerce_api.foundation.settings import ROOT
from commerce_api.shop.catalog.views import CatalogView
from commerce_api.shop.shipping.mirror import mirror
from commerce_api.shop.shipping.models import DeliveryQuote
from commerce_api.wiring import connected
from deploy.services import free_port
from sandbox.environment import SERVICES, environment

ORDERS: Final = 150
ROUNDS: Final = 5
ONLINE: Final = 12
"""Orders that are paid online in a round: each may take seconds, and no bank that fails so seldom is left in peace."""
CITIES: Final = ("Kyiv", "Lviv", "Odesa", "Dnipro", "Kharkiv", "Poltava", "Lutsk", "Sumy")
PRODUCTS: Final = 30
SHOPPERS: Final = 2
"""Few at once: what one of them waits for is looked at, not how many there could be."""
PATIENCE: Final = 30.0
GLANCE: Final = 0.05
SILENT: Final = 600.0
"""Seconds after which a mail server that hangs would answer."""


class State(StrEnum):
    """How the services outside are."""

    UP = "all services there"
    DOWN = "every service away"
    HANGING = "every service hanging"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done."""

    orders: int
    rounds: int
    online: int = ONLINE
    quotes: int = len(CITIES)
    products: int = PRODUCTS


@dataclass(slots=True)
class Runs:
    """Seconds of every checkout in cash, of every one that is paid online, and of every quote for a chosen place; how
    many orders were acknowledged and are not there, or are there and nobody was told."""

    cash: list[list[float]] = field(default_factory=list)
    online: list[float] = field(default_factory=list)
    quotes: list[float] = field(default_factory=list)
    lost: int = 0


@contextmanager
def beside(command: list[str], given: Mapping[str, str], log: Path) -> Iterator[None]:
    """A program that runs while something is measured."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(given), stdout=out, stderr=out)
    try:
        yield
    finally:
        # A worker whose calls hang would end what it has in hand first.
        process.kill()
        process.wait(PATIENCE)


async def _open(sandbox: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                (await sandbox.get("/healthz")).raise_for_status()
            except httpx2.TransportError:
                await asyncio.sleep(GLANCE)
            else:
                return


async def _hang(sandbox: httpx2.AsyncClient) -> None:
    """Let no service answer any call from now on."""
    offered = (await sandbox.get("/faults", headers={"accept": "application/json"})).json()["offered"]
    for service, faults in offered.items():
        fault = "hang" if "hang" in faults else "slow"
        switch = {"service": service, "fault": fault, "share": 1, "seconds": SILENT}
        (await sandbox.post("/faults", json=switch)).raise_for_status()


@asynccontextmanager
async def services(state: State, place: Place) -> AsyncIterator[dict[str, str]]:
    """The services outside in a state; the settings that lead a shop to them."""
    port, mail = free_port(), free_port()
    # As the stand-ins call themselves: payers are sent to pages of the bank's own origin alone.
    base = f"http://localhost:{port}"
    led = {name: value for one in environment(base, mail, SERVICES).values() for name, value in one.items()}
    if state is State.DOWN:
        # Nobody listens at either port.
        yield led
        return
    command = python("sandbox.serve", "--port", str(port), "--smtp-port", str(mail), "--shop", SITE)
    with beside(command, place.environment, place.root / "sandbox.log"):
        async with httpx2.AsyncClient(base_url=base, trust_env=False) as sandbox:
            await _open(sandbox)
            if state is State.HANGING:
                await _hang(sandbox)
            yield led


async def prepare(place: Place, view: CatalogView) -> None:
    """A migrated database with the catalogue and the carrier's directory in it."""
    await migrate.migrate(place.settings)
    async with services(State.UP, place) as led, setup.opened(place.settings):
        await shelves.fill(view, stock=STOCK)
        async with connected(place.given(led)) as adapters:
            if adapters.carrier is None:
                raise servers.NotStarted("the carrier's stand-in is not connected")
            await mirror(adapters.carrier)


async def _quote(connection: Connection, cookies: Mapping[str, str], city: str) -> float:
    """Seconds of a quote for a chosen place, in which the carrier is asked for its price. Raises WrongAnswer."""
    cities = (await connection.send("GET", f"/api/v1/delivery/cities?q={city}")).json
    branches = (await connection.send("GET", f"/api/v1/delivery/branches?city={cities[0]['ref']}&q=")).json
    chosen: dict[str, Any] = {"city_token": cities[0]["token"], "branch_token": branches[0]["token"]}
    begun = perf_counter()
    answer = await connection.send("POST", "/api/v1/checkout/quote", {"delivery": chosen, "payment": "cod"}, cookies)
    if answer.status != shoppers.OK:
        raise shoppers.WrongAnswer(f"quote: {answer.status} {answer.body[:500].decode(errors='replace')}")
    return perf_counter() - begun


async def _quotes(address: str, prices: Mapping[str, int], cities: Sequence[str]) -> list[float]:
    """One for each city: no price is known already."""
    connection = Connection(address, SITE)
    try:
        cookies, _ = await shoppers.fill_cart(connection, sorted(prices)[:1], prices, catalogue.SHOP)
        return [await _quote(connection, cookies, city) for city in cities]
    finally:
        await connection.close()


async def _forget_quotes(place: Place) -> None:
    async with setup.opened(place.settings):
        await DeliveryQuote.all().delete()


async def run_once(place: Place, prices: Mapping[str, int], state: State, size: Size, runs: Runs) -> None:
    """One state, one round: a sidecar and a worker, shoppers who pay in cash, shoppers who pay online, and quotes."""
    await _forget_quotes(place)
    async with AsyncExitStack() as outside:
        given = {**place.environment, **await outside.enter_async_context(services(state, place))}
        async with servers.running(OURS, 1, given, place.root) as (server,):
            outside.enter_context(beside(python("commerce_api.worker"), given, place.root / "worker.log"))

            async def shop(count: int, payment: str = "cod", together: int = SHOPPERS) -> shoppers.Tally:
                return await shoppers.shop_together(
                    [server.address], SITE, prices, catalogue.SHOP, shoppers=together, orders=count, payment=payment
                )

            await shop(max(SHOPPERS, size.orders // 10))
            before = await ledger.read(place.database_url)
            cash = await shop(size.orders)
            online = await shop(size.online, "online_full", size.online)
            runs.quotes += await _quotes(server.address, prices, CITIES[: size.quotes])
            after = await ledger.read(place.database_url)
            # Calls that hang end with whom they called: the sidecar need not wait for them when it is told to stop.
            await outside.aclose()
    runs.cash.append(cash.checkouts)
    runs.online += online.checkouts
    runs.lost += len((after.numbers - before.numbers) ^ (cash.numbers | online.numbers))


def figures_of(named: str, found: Mapping[State, Runs]) -> list[Figure]:
    """The lines of one database."""
    figures, up = [], found[State.UP]

    def middle(runs: Runs) -> float:
        return 1000 * statistics.median(statistics.median(one) for one in runs.cash)

    usual = statistics.median(up.online)
    for state in (State.DOWN, State.HANGING):
        runs = found[state]
        what = f"{named}, {state.value}"
        figures += [
            Figure("outside.cash", f"{what}: checkout with cash on delivery, p50", middle(runs), "ms", middle(up)),
            Figure("outside.online", f"{what}: online checkout, the slowest, longer by", max(runs.online) - usual, "s"),
            Figure("", f"{what}: quote for a chosen place, p50", _ms(runs.quotes), "ms", _ms(up.quotes)),
            Figure("outside.lost", f"{what}: orders lost", runs.lost, ""),
        ]
    return figures


def _ms(seconds: list[float]) -> float:
    return 1000 * statistics.median(seconds)


async def compare(named: str, place: Place, view: CatalogView, size: Size) -> list[Figure]:
    """All states in turns, so that a machine that slows down slows all of them."""
    await prepare(place, view)
    found, prices = {state: Runs() for state in State}, prices_of(view)
    for number in range(size.rounds):
        for state in State:
            report.console.print(f"bench outside: {named}, {state.value}, round {number + 1} of {size.rounds}")
            await run_once(place, prices, state, size, found[state])
    return figures_of(named, found)


async def measure_all(size: Size, base: Path | None) -> Results:
    """Both databases, one after the other, below `base` (None: where the system keeps such things)."""
    view = catalogue.make(size.products)
    with folder(base) as root:
        async with cluster.running(root) as service:
            place = Place(root, await cluster.make_database(service, "bench"))
            figures = await compare("PostgreSQL", place, view, size)
    with folder(base) as root:
        figures += await compare("SQLite", Place(root, f"sqlite://{root}/shop.sqlite3"), view, size)
    notes = (
        f"{size.rounds} rounds of {size.orders} orders in cash by {SHOPPERS} shoppers and {size.online} orders paid "
        "online by as many at once, in each state, in turns; the median round counts.",
        "Services: " + ", ".join(SERVICES) + ". Away: nobody listens there. Hanging: each call is taken, none is "
        "answered. A worker runs beside the sidecar in every state, with all that it owes.",
    )
    return Results("outside", "all services there", tuple(figures), notes)


def main() -> None:
    """The command."""
    asked = command.asked(__doc__, "a few orders", orders=ORDERS, rounds=ROUNDS)
    size = Size(6, 1, 2, 2, 4) if asked.quick else Size(asked.orders, asked.rounds)
    report.finish(asyncio.run(measure_all(size, None)), store=asked.store)


if __name__ == "__main__":
    main()
