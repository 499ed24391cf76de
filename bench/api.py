"""Orders a second against floors of plain SQL, on PostgreSQL and on SQLite; statements, start and memory.

python -m bench.api [--quick] [--orders N] [--rounds N] [--no-store]
"""

import asyncio
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import catalogue, cluster, command, ledger, measure, report, servers, shelves, shoppers
from bench.figures import Figure, Results
from bench.http import Connection
from bench.places import SITE, Place, folder
from commerce_api.foundation.db import migrate, setup
from commerce_api.shop.catalog.views import CatalogView
from deploy import services
from deploy.services import Service

SHOPPERS: Final = 16
ORDERS: Final = 800
ROUNDS: Final = 3
PRODUCTS: Final = 100
STOCK: Final = 100_000
WARMING: Final = 10
"""Of the orders one in so many is placed beforehand and not counted."""
STARTS: Final = 3
OURS: Final = "commerce_api.app:create"
FLOORS: Final = {"postgres": "bench.floors.postgres:create", "sqlite": "bench.floors.sqlite:create"}
PROCESSES: Final = {"postgres": 2, "sqlite": 1}
MB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done."""

    orders: int
    rounds: int
    products: int = PRODUCTS
    starts: int = STARTS


@dataclass(slots=True)
class Runs:
    """What one side reached, a value for each round: orders a second, CPU seconds an order of the servers and of
    PostgreSQL, memory of a server afterwards; seconds of all journeys and checkouts."""

    rate: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    database_cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    journeys: list[float] = field(default_factory=list)
    checkouts: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bench:
    """What all runs share: the place with its database, the prices of the SKUs, the process of a database server."""

    place: Place
    prices: Mapping[str, int]
    database: int | None = None

    def spent(self) -> float:
        """CPU seconds of the database server so far."""
        return measure.cpu_of(self.database) if self.database else 0.0


async def prepare(place: Place, view: CatalogView) -> None:
    """A migrated database with the catalogue in it."""
    await migrate.migrate(place.settings)
    async with setup.opened(place.settings):
        await shelves.fill(view, stock=STOCK)


def prices_of(view: CatalogView) -> dict[str, int]:
    """SKU to shelf price of what may be bought in pairs: above a sum cash on delivery is refused."""
    variants = (variant for product in view.products for variant in product.variants)
    most = catalogue.SHOP.cod_limit // 2
    return {sku.code: variant.price for variant in variants if variant.price <= most for sku in variant.skus}


async def run_once(bench: Bench, application: str, processes: int, orders: int, runs: Runs) -> None:
    """One side, one round: servers, warm-up, shoppers, and the ledger afterwards. Raises what is not as owed."""
    place = bench.place
    async with servers.running(application, processes, place.environment, place.root) as started:
        addresses = [server.address for server in started]

        async def shop(count: int) -> shoppers.Tally:
            return await shoppers.shop_together(
                addresses, SITE, bench.prices, catalogue.SHOP, shoppers=SHOPPERS, orders=count
            )

        await shop(max(SHOPPERS, orders // WARMING))
        before = await ledger.read(place.database_url)
        spent, database = _spent(started), bench.spent()
        tally = await shop(orders)
        spent, database = _spent(started) - spent, bench.spent() - database
        runs.memory.append(max(measure.memory_of(server.pid)[0] for server in started) / MB)
        after = await ledger.read(place.database_url)
    ledger.check(before, after, tally)
    runs.rate.append(orders / tally.wall)
    runs.cpu.append(spent / orders)
    runs.database_cpu.append(database / orders)
    runs.journeys += tally.orders
    runs.checkouts += tally.checkouts


def _spent(started: Sequence[servers.Server]) -> float:
    return sum(measure.cpu_of(server.pid) for server in started)


async def compare(bench: Bench, kind: str, size: Size) -> tuple[Runs, Runs]:
    """Ours and the floor in turns, so that a machine that slows down slows both."""
    ours, floor = Runs(), Runs()
    for number in range(size.rounds):
        report.console.print(f"bench api: {kind}, round {number + 1} of {size.rounds}")
        await run_once(bench, OURS, PROCESSES[kind], size.orders, ours)
        await run_once(bench, FLOORS[kind], PROCESSES[kind], size.orders, floor)
    return ours, floor


def figures_of(kind: str, named: str, ours: Runs, floor: Runs) -> list[Figure]:
    """The lines of one database."""
    what = f"{named}, {SHOPPERS} shoppers, {PROCESSES[kind]} process{'es' if PROCESSES[kind] > 1 else ''}"
    middle = statistics.median

    def line(id_: str, name: str, of: str, unit: str, factor: float = 1.0) -> Figure:
        return Figure(
            id_, f"{what}: {name}", factor * middle(getattr(ours, of)), unit, factor * middle(getattr(floor, of))
        )

    def share(name: str, of: str, percent: float) -> Figure:
        mine, theirs = (1000 * measure.percentile(getattr(side, of), percent) for side in (ours, floor))
        return Figure("", f"{what}: {name}, p{percent:.0f}", mine, "ms", theirs)

    figures = [
        line(f"api.{kind}", "orders a second", "rate", "/s"),
        share("journey (three requests)", "journeys", 50),
        share("journey (three requests)", "journeys", 95),
        share("checkout", "checkouts", 50),
        share("checkout", "checkouts", 95),
        line("", "CPU of the servers an order", "cpu", "ms", 1000),
        line("", "memory of a server afterwards, PSS", "memory", "MB"),
    ]
    if any(ours.database_cpu):
        figures.insert(6, line("", "CPU of PostgreSQL an order", "database_cpu", "ms", 1000))
    return figures


async def count_statements(bench: Bench, service: Service, application: str) -> tuple[int, int]:
    """Statements of a checkout, and of a whole journey, as the server hears them; BEGIN and COMMIT are not counted."""
    place, chosen = bench.place, sorted(bench.prices)[:2]
    async with servers.running(application, 1, place.environment, place.root) as started:
        connection = Connection(started[0].address, SITE)
        try:
            # The first journey is not counted: it opens connections and the day's counter.
            cookies, total = await shoppers.fill_cart(connection, chosen, bench.prices, catalogue.SHOP)
            await shoppers.check_out(connection, cookies, total)
            async with cluster.listening(service) as adding:
                cookies, total = await shoppers.fill_cart(connection, chosen, bench.prices, catalogue.SHOP)
            async with cluster.listening(service) as ordering:
                await shoppers.check_out(connection, cookies, total)
        finally:
            await connection.close()
    return len(ordering), len(adding) + len(ordering)


async def starts(place: Place, count: int) -> list[Figure]:
    """A sidecar from nothing to its first good answer, and what it weighs then."""
    seconds, pss, rss = [], [], []
    for _ in range(count):
        async with servers.running(OURS, 1, place.environment, place.root) as started:
            seconds.append(started[0].start)
            found = measure.memory_of(started[0].pid)
            pss.append(found[0] / MB)
            rss.append(found[1] / MB)
    return [
        Figure("api.start", "sidecar: cold start to the first good answer", statistics.median(seconds), "s"),
        Figure("api.memory", "sidecar: memory after its start, RSS", statistics.median(rss), "MB"),
        Figure("", "sidecar: memory after its start, PSS", statistics.median(pss), "MB"),
    ]


async def on_postgres(root: Path, view: CatalogView, size: Size) -> list[Figure]:
    """Everything that is measured on PostgreSQL."""
    async with cluster.running(root) as service:
        place = Place(root, await cluster.make_database(service, "bench"))
        await prepare(place, view)
        bench = Bench(place, prices_of(view), services.pid_of(service))
        figures = figures_of("postgres", "PostgreSQL", *await compare(bench, "postgres", size))
        ours = await count_statements(bench, service, OURS)
        floor = await count_statements(bench, service, FLOORS["postgres"])
        figures += [
            Figure("api.statements", "SQL statements of a checkout with two lines", ours[0], "", floor[0]),
            Figure("", "SQL statements of a whole journey", ours[1], "", floor[1]),
            *await starts(place, size.starts),
        ]
    return figures


async def on_sqlite(root: Path, view: CatalogView, size: Size) -> list[Figure]:
    """Everything that is measured on SQLite."""
    place = Place(root, f"sqlite://{root}/shop.sqlite3")
    await prepare(place, view)
    return figures_of("sqlite", "SQLite", *await compare(Bench(place, prices_of(view)), "sqlite", size))


async def measure_all(size: Size, base: Path | None) -> Results:
    """Both databases, one after the other, below `base` (None: where the system keeps such things)."""
    view = catalogue.make(size.products)
    with folder(base) as root:
        figures = await on_postgres(root, view, size)
    with folder(base) as root:
        figures += await on_sqlite(root, view, size)
    notes = (
        f"{size.rounds} rounds of {size.orders} orders on each side, in turns; the median round counts.",
        "After every round each acknowledged order stood in the database with its rows, and every piece of stock was "
        "accounted for.",
    )
    return Results("api", "floor", tuple(figures), notes)


def main() -> None:
    """The command."""
    asked = command.asked(__doc__, "a few orders", orders=ORDERS, rounds=ROUNDS)
    size = Size(32, 1, products=6, starts=1) if asked.quick else Size(asked.orders, asked.rounds)
    report.finish(asyncio.run(measure_all(size, None)), store=asked.store)


if __name__ == "__main__":
    main()
