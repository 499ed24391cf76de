"""A town whose services fail now and then and whose shop is killed again and again, until everything has settled."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import httpx2

from commerce_api.foundation.db import setup
from commerce_api.foundation.outbox.relay import retry_dead
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts.models import Account, AccountRole
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.shipping.mirror import mirror
from deploy.services import free_port
from sandbox import environment
from sandbox.clock import Clock
from sandbox.world import World
from tests.commerce_api.shop.cart.builders import put_on_shelf, shopper
from tests.commerce_api.shop.customer_area.builders import PASSWORD, whole_shop
from tests.commerce_api.shop.shipping.builders import Line
from tests.stress import laws, outside_laws, seen
from tests.stress.arrivals import person_of
from tests.stress.hours import pass_by
from tests.stress.people import live
from tests.stress.processes import Kept, open_sandbox
from tests.stress.races import Stage, shelf, stage
from tests.stress.seen import Seen
from tests.stress.staff import asks_for_texts
from tests.stress.switches import PROVIDERS, SERVICES, SHARE, SLOW, arm
from tests.stress.town import PRODUCTS, Town

TEXTS_KEY: Final = "key-of-a-model-that-writes-for-this-town"
TOGETHER: Final = 6
"""People who are at the shop at once."""
PAUSES: Final = (0.8, 2.5)
"""Seconds between two kills."""
ROUNDS: Final = 10
LEAST_ROUNDS: Final = 3
"""More than an hour: what is not paid has expired, and every parcel was looked for."""
ROUND: Final = 1500.0
"""Seconds that pass for the shop in a round of settling."""
WORK: Final = 4.0
"""Seconds of an evening in which the shop works."""
BREATH: Final = 1.3
"""Seconds that a worker has to look at its calendar in between."""

WAITS: Final = (
    "SELECT 'delivery ' || handler FROM outbox_delivery WHERE state = 'pending'",
    "SELECT 'event ' || name FROM outbox_event WHERE dispatched_at IS NULL",
    "SELECT 'attempt ' || reference || ' ' || status FROM payment WHERE open_order_id IS NOT NULL",
    "SELECT 'refund ' || reference || ' ' || status FROM refund WHERE status <> 'done' AND payment_id IS NOT NULL",
    "SELECT 'waybill ' || order_number || ' ' || state FROM shipment WHERE state IN ('wanted', 'unknown')",
    "SELECT 'order ' || number FROM shop_order WHERE status = 'new' AND pay_type <> 'cod'",
    "SELECT 'run of texts ' || id || ' ' || state FROM ai_run WHERE state IN ('queued', 'running')",
)
"""What is still to come to an end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many orders were placed, processes killed, calls struck and deliveries given up at first; what was seen at
    the end, and what was wrong."""

    orders: int
    kills: int
    strikes: int
    dead: int
    seen: Seen
    wrong: tuple[str, ...]

    @property
    def came(self) -> int:
        """How often somebody came in by a provider's word."""
        return sum(bool(one.account) for one in self.seen.tried)


async def open_town(settings: Settings, shop: str, world: World, http: httpx2.AsyncClient, orders: int) -> Town:
    """A shop with goods, staff and the carrier's directory; its database is closed again."""
    async with setup.opened(settings), shopper(whole_shop(settings), settings) as client:
        made = await stage(settings, client)
        await people_known_before(made, orders)
        sku = await shelf(PRODUCTS[0], orders * 6)
        for slug in PRODUCTS[1:]:
            await put_on_shelf(slug, name=f"Футболка «{slug}»")
        await mirror(Line().carrier())
    return Town(shop, world.public_url, made.staff, sku, http)


async def people_known_before(made: Stage, orders: int) -> None:
    """Accounts for whoever brings no address along, and the right to have texts written for staff."""
    for number in range(orders):
        who = person_of(number)
        if who is not None and who.password:
            await made.account(who.email.partition("@")[0])
    clerk = await Account.get(roles__role=Role.ORDERS)
    await AccountRole.create(account_id=clerk.id, role=Role.CONTENT)


def environment_of(settings: Settings, shop: str, world: World, smtp_port: int) -> dict[str, str]:
    """What the shop's processes are started with."""
    led = environment.environment(world.public_url, smtp_port, SERVICES)
    return {
        "TWOCOMMS_ENV": "test",
        "TWOCOMMS_VAR_DIR": str(settings.var_dir),
        "TWOCOMMS_BUILD_DIR": str(settings.build_dir),
        "TWOCOMMS_SITE_URL": shop,
        "PORT": shop.rpartition(":")[2],
        "DATABASE_URL": settings.database_url,
        "TWOCOMMS_SHOP_WAYBILL_ON_PACKED": "on",
        **{name: value for values in led.values() for name, value in values.items()},
        # One that a log can be searched for.
        "OPENAI_API_KEY": TEXTS_KEY,
    }


@asynccontextmanager
async def running(settings: Settings, address: str, given: dict[str, str]) -> AsyncIterator[tuple[Kept, Kept]]:
    """The sidecar and the worker."""
    folder = settings.var_dir.parent
    folder.mkdir(parents=True, exist_ok=True)
    kept = Kept("sidecar", address, given, folder / "sidecar.log"), Kept("worker", "", given, folder / "worker.log")
    try:
        await kept[0].ready()
        yield kept
    finally:
        for one in kept:
            await one.stop()


async def keep_killing(kept: Sequence[Kept], chance: Random) -> None:
    """Kill one after the other at random moments, for ever; a sidecar that was started again first gets to answer."""
    while True:
        await asyncio.sleep(chance.uniform(*PAUSES))
        victim = chance.choice(kept)
        await asyncio.to_thread(victim.kill)
        await asyncio.sleep(chance.uniform(0, 0.3))
        victim.start()
        if victim.address:
            await victim.ready()


async def chaos(town: Town, kept: Sequence[Kept], orders: int, seed: int) -> None:
    """So many people live, a few at a time, while the shop is killed."""
    places = asyncio.Semaphore(TOGETHER)

    async def one(number: int) -> None:
        async with places:
            await live(town, number, Random(f"{seed}:{number}"))  # noqa: S311 - no secret hangs on it

    async def everybody() -> None:
        async with asyncio.TaskGroup() as people:
            people.create_task(asks_for_texts(town))
            for number in range(orders):
                people.create_task(one(number))

    await while_killed(everybody(), kept, seed)


async def evening(url: str, kept: Sequence[Kept], seed: int) -> None:
    """Hours pass while nobody works, so that no call is in hand; then what is owed is done, among faults and kills."""
    for one in kept:
        await asyncio.to_thread(one.kill)
    await asyncio.sleep(SLOW + SLOW)
    await pass_by(url, ROUND)
    for one in kept:
        one.start()
    await while_killed(asyncio.sleep(WORK), kept, seed)


async def while_killed(work: Coroutine[Any, Any, None], kept: Sequence[Kept], seed: int) -> None:
    """Wait for the end of something while the shop is killed again and again."""
    killer = asyncio.create_task(keep_killing(kept, Random(seed)))  # noqa: S311 - no secret hangs on it
    try:
        await work
    finally:
        killer.cancel()
        await asyncio.gather(killer, return_exceptions=True)


async def see_to(town: Town, url: str) -> None:
    """What staff do about what waits for them: send refunds, press for waybills or take them back."""
    queue = await town.as_staff("GET", "/refunds")
    for item in queue.json()["items"] if queue is not None else ():
        if item["status"] in {"queued", "failed"}:
            await town.as_staff("POST", f"/refunds/{item['id']}/send", again=False)
    (numbers,) = await laws.ask(url, "SELECT order_number FROM shipment WHERE state IN ('wanted', 'unknown')")
    for number in numbers:
        made = await town.as_staff("POST", f"/orders/{number}/waybill", again=False)
        if made is not None and made.status_code != 201:
            await town.as_staff("DELETE", f"/orders/{number}/waybill", again=False)


async def waiting(url: str) -> list[str]:
    """What has not come to an end."""
    return [row for rows in await laws.ask(url, *WAITS) for row in rows]


async def try_dead_again(settings: Settings) -> list[str]:
    """Staff press the button that gives dead deliveries a fresh start; why they had been given up."""
    query = "SELECT COALESCE(last_error, '') FROM outbox_delivery WHERE state = 'dead'"
    (reasons,) = await laws.ask(settings.database_url, query)
    if reasons:
        async with setup.opened(settings):
            await retry_dead()
    return reasons


async def settle(town: Town, url: str, least: int = LEAST_ROUNDS) -> list[str]:
    """Let hours pass until nothing waits any more, and so many rounds at least; what still does."""
    for number in range(1, ROUNDS + 1):
        await pass_by(url, ROUND)
        await asyncio.sleep(BREATH)
        await see_to(town, url)
        if number >= least and not await waiting(url):
            return []
    return await waiting(url)


async def run_faults(
    settings: Settings, orders: int, *, evenings: int = 2, seed: int = 1, share: float = SHARE
) -> Outcome:
    """So many orders while every service fails and the shop is killed, and as many evenings after them; then nothing
    fails any more, everything settles and all laws are asked.

    The database of `settings` is migrated, empty and closed.
    """
    shop = f"http://127.0.0.1:{free_port()}"
    # Parcels move when somebody pushes them, not while we look.
    world = World(f"http://127.0.0.1:{free_port()}", shop_url=shop, clock=Clock(speed=0))
    async with open_sandbox(world) as smtp_port, httpx2.AsyncClient(timeout=40, trust_env=False) as http:
        town = await open_town(settings, shop, world, http, orders)
        given = environment_of(settings, shop, world, smtp_port)
        async with running(settings, shop.removeprefix("http://"), given) as kept:
            arm(world, share)
            await chaos(town, kept, orders, seed)
            for number in range(evenings):
                await evening(settings.database_url, kept, seed + number)
            world.faults.clear()
            for one in kept:
                # Whoever was left in peace for having failed is asked again at once.
                one.kill()
                one.start()
            await kept[0].ready()
            left = await settle(town, settings.database_url)
            given_up = await try_dead_again(settings)
            if given_up:
                left += await settle(town, settings.database_url, 1)
        log = "".join(one.said() for one in kept)
    await world.aclose()
    found = Seen(
        rows=await seen.read(settings.database_url),
        world=world,
        acknowledged=[one.number for one in town.bought],
        promised=town.promised,
        log=log,
        secrets=secrets_of(given, town, world),
        tried=town.tried,
        owned={one.number: one.account for one in town.bought if one.account},
        asked=town.runs,
    )
    wrong = [*town.wrong, *(f"still waits: {one}" for one in left), *outside_laws.broken(found)]
    wrong += ["a delivery was given up without a reason" for reason in given_up if not reason]
    wrong += [f"{law}: {', '.join(rows[:5])}" for law, rows in (await laws.broken(settings.database_url)).items()]
    kills, strikes = sum(one.kills for one in kept), world.faults.struck.total()
    return Outcome(len(town.bought), kills, strikes, len(given_up), found, tuple(wrong))


def secrets_of(given: Mapping[str, str], town: Town, world: World) -> list[str]:
    """What no log may hold: tokens of services, of sessions and of orders, what providers sent, passwords, and who
    ordered."""
    named = [value for name, value in given.items() if name.endswith(("TOKEN", "KEY", "SECRET"))]
    people = [value for one in town.bought for value in (one.token, one.email)]
    handed = [
        value
        for service in PROVIDERS
        for one in world.state[service].given
        for value in (one.id_token, one.access_token)
    ]
    codes = [one.code for one in town.tried]
    return [*named, PASSWORD, town.staff, *town.carried, *people, *codes, *handed, "067 123-", "+38067123"]
