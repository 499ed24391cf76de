"""Every call of every adapter against the stand-in behind it: what it does, and how often it was done there.

A flow is begun anew for each fault. Nothing waits: pauses are no time, and what hangs is given up at once.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import httpx2
from starlette.applications import Starlette
from starlette.routing import Mount

from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.kit import clock
from commerce_api.integrations.http import Outside
from commerce_api.integrations.nova_poshta import NovaPoshtaCarrier, carrier
from commerce_api.integrations.oidc import Client, OpenIdProvider
from commerce_api.integrations.openai import OpenAiWriter
from commerce_api.integrations.smtp import SmtpMail
from commerce_api.integrations.telegram import Telegram
from commerce_api.office.copywriting import prompts
from commerce_api.office.copywriting.writer import WritingFailed
from commerce_api.office.notifications.channels import Button, SendError
from commerce_api.office.notifications.mail import Mail
from commerce_api.shop.accounts.errors import NotVouched, ProviderDown
from commerce_api.shop.payments.errors import GatewayError
from commerce_api.shop.payments.gateway import BasketLine, Bill
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping.carrier import Box, CarrierFailed, CarrierRefused, PriceAsk, WaybillAsk
from sandbox import nova_poshta, smtp
from sandbox.app import emulator
from sandbox.environment import BANK_TOKEN, BOT_TOKEN, PARCELS_KEY
from sandbox.id_tokens import new_key
from sandbox.issuer import Issuer
from sandbox.nova_poshta_directory import reference
from sandbox.telegram_bot import Bot
from sandbox.telegram_objects import GROUP
from sandbox.wire import faulty
from sandbox.world import World
from tests.commerce_api.integrations.issuers import HOST, SECRET, Issuers
from tests.commerce_api.shop.settlement.builders import Kept, desk
from tests.commerce_api.shop.shipping.builders import SETTINGS, TestClock

Errors = tuple[type[Exception], ...]
BANK_ERRORS: Final[Errors] = (GatewayError,)
CARRIER_ERRORS: Final[Errors] = (CarrierFailed, CarrierRefused)
CUSTOMER: Final = "+380671234567"
"""A number that no log may hold."""


def never() -> int:
    """A call that changes nothing."""
    return 0


@dataclass
class Trial:
    """A flow that is ready to run once. `done` counts what it did at the service."""

    world: World
    deed: Callable[[], Awaitable[object]]
    done: Callable[[], int] = never
    secrets: tuple[str, ...] = ()
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)


@dataclass(frozen=True)
class Flow:
    """One call of an adapter. `errors` are all that it may end in; `only` is the part of the address it goes to; with
    `again` the adapter may ask more than once by itself."""

    service: str
    begin: Callable[[], Awaitable[Trial]]
    errors: Errors
    again: bool
    only: str = ""


async def at_once(_seconds: float) -> None:
    """No time."""


def mounted(service: str, world: World) -> Starlette:
    """One stand-in under its path."""
    return Starlette(routes=[Mount(f"/{service}", emulator(service, world))])


# The bank

LINE = BasketLine("TC-1", "Футболка", 2, 2_100)
BILL = Bill("TWC-1", 4_200, "Замовлення", (LINE,), 600, "http://shop.test/r", "http://shop.test/w")


async def bank(call: str, how: str = "") -> Trial:
    """A call about an invoice on which somebody has done `how`."""
    here = desk(Kept())
    here.world.sleep = at_once
    there, gateway = here.there, here.gateway
    page = await gateway.start(replace(BILL, hold=how == "hold"))
    if how:
        there.pay(page.invoice_id, how)
    invoice = there.invoices[page.invoice_id]
    calls: Mapping[str, tuple[Callable[[], Awaitable[object]], Callable[[], int]]] = {
        "create": (lambda: gateway.start(replace(BILL, reference="TWC-2")), lambda: there.creates.count("TWC-2")),
        "status": (lambda: gateway.check(invoice.id), never),
        "remove": (lambda: gateway.remove(invoice.id), lambda: int(invoice.removed)),
        "cancel": (lambda: gateway.refund(invoice.id, 4_200, "TWC-1-R1", (LINE,)), lambda: len(invoice.cancels)),
        "finalize": (lambda: gateway.finalize(invoice.id, 4_000), lambda: int(invoice.status == "success")),
        "statement": (lambda: gateway.statement(clock.now()), never),
        "fiscal-checks": (lambda: gateway.receipt(invoice.id), never),
        "pubkey": (lambda: gateway.read_notice(b"{}", "c2lnbg=="), never),
    }
    deed, done = calls[call]
    return Trial(here.world, deed, done, (BANK_TOKEN,))


# The carrier

LVIV = reference("city", "Львів")
ASK = WaybillAsk(
    reference="TWC-1", kind=DeliveryKind.BRANCH, city_ref=LVIV, city="Львів", area="Львівська",
    branch_ref=reference("point", "Львів", "branch", 12), address="", name="Шевченко Оксана", phone=CUSTOMER,
    box=Box(270, 25, 20, 4), declared=89_000, cash=0, payment_control=True, about="Одяг",
)  # fmt: skip
COURIER = replace(ASK, kind=DeliveryKind.COURIER, branch_ref="", address="вул. Франка, 5а, 12")


async def parcels(call: str) -> Trial:
    """A call about a parcel that is in the carrier's books."""
    world = World(HOST, clock=TestClock(), sleep=at_once)
    app: Any = nova_poshta.app(world)
    depot = app.state.office.depot
    shop, outsides = carrier(SETTINGS, httpx2.ASGITransport(app=faulty(app, "nova-poshta", world)))
    hurry(*outsides)
    made = await shop.make_waybill(replace(ASK, reference="TWC-0"))
    document = depot.documents[made.number]

    def new() -> int:
        return sum(one.asked.get("InfoRegClientBarcodes") == "TWC-1" for one in depot.documents.values())

    calls: Mapping[str, tuple[Callable[[], Awaitable[object]], Callable[[], int]]] = {
        "cities": (lambda: shop.cities(1), never),
        "branches": (lambda: shop.branches(1), never),
        "price": (lambda: shop.price(PriceAsk(LVIV, DeliveryKind.BRANCH, 270, 89_000)), never),
        "waybill": (lambda: shop.make_waybill(ASK), new),
        "courier": (lambda: shop.make_waybill(COURIER), new),
        "find": (lambda: found(shop), never),
        "delete": (lambda: shop.delete_waybill(made.ref), lambda: int(document.code == "2")),
        "track": (lambda: shop.track([made.number]), never),
        "label": (lambda: shop.label(made.ref), never),
    }
    deed, done = calls[call]
    return Trial(world, deed, done, (PARCELS_KEY, CUSTOMER, CUSTOMER[1:]))


async def found(shop: NovaPoshtaCarrier) -> None:
    """The waybill that is there is found."""
    assert [one.number for one in await shop.find_waybills("TWC-0", clock.kyiv_today())]


def hurry(*outsides: Outside) -> None:
    """No pauses between tries."""
    for outside in outsides:
        outside._pause = at_once


# Telegram


async def messenger(call: str) -> Trial:
    """A call of the bot in the staff's chat, in which it has said something that somebody pressed a button of."""
    world = World(HOST, sleep=at_once)
    transport = httpx2.ASGITransport(app=mounted("telegram", world))
    bot = Telegram(BOT_TOKEN, f"{HOST}/telegram", transport)
    hurry(bot.outside)
    await bot.say(GROUP, f"Замовлення {CUSTOMER}", ((Button("так", data="ok:1"),),))
    there: Bot = world.state["telegram"]
    (said,) = there.messages
    press = there.press(601, said.id, "ok:1")
    calls: Mapping[str, tuple[Callable[[], Awaitable[object]], Callable[[], int]]] = {
        "say": (lambda: bot.say(GROUP, f"Ще {CUSTOMER}"), lambda: len(there.messages) - 1),
        "edit": (lambda: bot.edit(GROUP, said.id, "Готово"), lambda: int(said.edited)),
        "note": (lambda: bot.note(press, "Готово"), lambda: int(there.presses[press].answer is not None)),
        "hand": (lambda: bot.hand(GROUP, "a.pdf", b"%PDF", CUSTOMER), lambda: len(there.messages) - 1),
        "address": (bot.address, never),
        "updates": (lambda: bot.updates(0, 0), never),
        "listen": (lambda: bot.listen_at("https://shop.test/hook", "s" * 24), lambda: int(bool(there.webhook))),
        "stop": (bot.stop_listening, never),
        "offer": (lambda: bot.offer({"orders": "Мої замовлення"}, "uk"), lambda: int("uk" in there.commands)),
    }
    deed, done = calls[call]
    trial = Trial(world, deed, done, (BOT_TOKEN, CUSTOMER))
    trial.closing.push_async_callback(world.aclose)
    return trial


# Sign-in

KEY, OTHER_KEY = new_key(), new_key()
"""Made once: keys are slow to make."""
CLIENTS: Final = {
    "google": Client(f"{HOST}/google", "sandbox.apps.example", SECRET, "http://shop.test/back", "openid email"),
    "telegram-id": Client(f"{HOST}/telegram-id", "1000001", SECRET, "http://shop.test/back", "openid"),
}
VERIFIER, NONCE = "v" * 48, "n" * 32


async def sign_in(service: str, call: str) -> Trial:
    """The first or the second half of a sign-in; the keys are not known yet."""
    issuers = Issuers()
    issuers.world.sleep = at_once
    there: Issuer = issuers.issuer(service)
    there._keys = [KEY]
    outside = Outside(service, f"{HOST}/{service}", secrets=(SECRET,), transport=issuers.transport, pause=at_once)
    provider = OpenIdProvider(CLIENTS[service], outside)
    if call == "start":
        return Trial(issuers.world, lambda: provider.start("s" * 32, NONCE, VERIFIER), never, (SECRET, VERIFIER))
    address = await provider.start("s" * 32, NONCE, VERIFIER)
    back = await issuers.press(address, email="oksana@example.com", verified="1")
    code = httpx2.URL(back).params["code"]
    return Trial(
        issuers.world,
        lambda: provider.finish(code, NONCE, VERIFIER, None),
        lambda: 1 - len(there._grants),
        (SECRET, VERIFIER, code, "oksana@example.com"),
    )


# Texts and letters

PROMPT = prompts.prompt("product", "en", ["lead"], {"garment": "tee", "name": "Kolos tee", "sizes": ["S"]})
KEY_OF_TEXTS: Final = "sk-sandbox-very-secret"


async def writing() -> Trial:
    """A text is asked for."""
    world = World(HOST, sleep=at_once)
    transport = httpx2.ASGITransport(app=mounted("openai", world))
    writer = OpenAiWriter(KEY_OF_TEXTS, f"{HOST}/openai/v1", "gpt-5.4-mini", transport)
    trial = Trial(
        world,
        lambda: writer.write(PROMPT),
        lambda: sum(entry.what == "wrote a text" for entry in world.journal),
        (KEY_OF_TEXTS, "Kolos"),
    )
    trial.closing.push_async_callback(writer.aclose)
    return trial


async def letter() -> Trial:
    """A letter is handed over."""
    world = World(HOST, sleep=at_once)
    listening = await smtp.listen(world)
    server = SmtpMail(f"smtp://127.0.0.1:{smtp.port_of(listening)}", "hello@twocomms.example")
    mail = Mail("oksana@example.com", "Замовлення", "Дякуємо!", key="order:1")
    trial = Trial(world, lambda: server.send(mail), lambda: len(world.letters), (mail.to, mail.text))
    trial.closing.callback(listening.close)
    return trial


def _flows() -> dict[str, Flow]:
    made: dict[str, Flow] = {}
    for call, how, again in (
        ("create", "", False), ("status", "pay", True), ("remove", "", True), ("cancel", "pay", False),
        ("finalize", "hold", False), ("statement", "pay", True), ("fiscal-checks", "pay", True), ("pubkey", "", True),
    ):  # fmt: skip
        made[f"bank {call}"] = Flow("monobank", partial(bank, call, how), BANK_ERRORS, again, f"/{call}")
    for call, again in (
        ("cities", True), ("branches", True), ("price", True), ("waybill", False), ("courier", False), ("find", True),
        ("delete", True), ("track", True), ("label", True),
    ):  # fmt: skip
        made[f"carrier {call}"] = Flow("nova-poshta", partial(parcels, call), CARRIER_ERRORS, again)
    for call, errors, again in (
        ("say", (SendError,), False), ("edit", (SendError,), False), ("note", (SendError,), False),
        ("hand", (SendError,), False), ("address", (Unavailable,), True), ("updates", (SendError,), True),
        ("listen", (SendError,), True), ("stop", (SendError,), True), ("offer", (SendError,), True),
    ):  # fmt: skip
        made[f"bot {call}"] = Flow("telegram", partial(messenger, call), errors, again)
    for service in CLIENTS:
        refusals: Sequence[tuple[str, str, bool]] = (
            ("start", "", True),
            ("finish", "/token", False),
            ("finish", "/jwks", True),
        )
        for call, only, again in refusals:
            name = f"{service} {call}{only}"
            made[name] = Flow(service, partial(sign_in, service, call), (ProviderDown, NotVouched), again, only)
    made["text"] = Flow("openai", writing, (WritingFailed,), False)
    made["letter"] = Flow("smtp", letter, (SendError,), False)
    return made


FLOWS: Final = _flows()
