"""A small town under faults and kills, and each law of the outside broken once."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.models import KeptAnswer, Session
from sandbox import google, openai, telegram_id
from sandbox.bank import Bank
from sandbox.id_tokens import Twist
from sandbox.issuer import Given
from sandbox.letters import Letter
from sandbox.nova_poshta_office import Office
from sandbox.openai import Written
from sandbox.telegram_bot import Bot
from sandbox.telegram_objects import GROUP, Message
from sandbox.world import World
from tests import services
from tests.stress.faults import run_faults
from tests.stress.hours import pass_by
from tests.stress.outside_laws import OUTSIDE_LAWS, broken
from tests.stress.seen import Seen
from tests.stress.town import Tried

pytestmark = pytest.mark.anyio

ORDERS = 6
NUMBER, EMAIL, PAID, BACK = "TWC29112026N01", "oksana@example.com", 95_000, 10_000


@pytest.mark.stress
async def test_whatever_fails_and_whoever_is_killed_the_laws_hold(database_kind: str, settings: Settings) -> None:
    await (services.clean_postgres if database_kind == "postgres" else services.copy_sqlite)(settings)

    outcome = await run_faults(settings, ORDERS, evenings=0)

    assert outcome.wrong == ()
    assert outcome.orders == ORDERS
    assert outcome.kills >= 3
    assert outcome.strikes > 0
    assert outcome.came > 0
    assert outcome.seen.spent


async def test_hours_pass_for_whoever_reads_the_rows(database: Settings) -> None:
    at = clock.now()
    await KeptAnswer.create(key="k", body_digest="b", status=201, answer={}, created_at=at)

    await pass_by(database.database_url, 5400)

    row = await KeptAnswer.get(key="k")
    assert row.created_at == at - timedelta(hours=1, minutes=30)
    assert await KeptAnswer.filter(created_at__lt=at).exists()


async def test_whoever_is_signed_in_stays_so_while_hours_pass(database: Settings) -> None:
    at = clock.now()
    await Session.create(
        digest="d", account_id=None, staff=False, created_at=at, seen_at=at,
        expires_at=at + timedelta(hours=1), user_agent="", data={},
    )  # fmt: skip

    await pass_by(database.database_url, 5400)

    assert (await Session.get(digest="d")).expires_at == at + timedelta(hours=1)


def a_letter(occasion: str) -> Letter:
    name = hashlib.sha256(f"customer:{occasion}\n{EMAIL}".encode()).hexdigest()[:32]
    message = EmailMessage()
    message["Message-ID"] = f"<{name}@shop.example>"
    return Letter(1, datetime(2026, 11, 29, tzinfo=UTC), "hello@shop.example", EMAIL, message)


CAME = Tried("google", "100", "code", honest=True, account=EMAIL)
TEXT = ("1", "product", "uk", '["lead"]', '{"name": "Колос"}', "draft", "1", "300", "written")


def sound() -> Seen:
    """An order that was paid, refunded in part, sent and received: both sides tell the same of it. Its buyer came in by
    Google, and a text of the product waits for approval."""
    world = World("http://sandbox.test")
    for service in (google, telegram_id, openai):
        service.app(world)
    world.state["google"].given.append(Given("code", "100", "an.id.token", "access", None))
    world.state["openai"].append(Written("Колос", "uk", ("lead",), 300))
    bank = world.state["monobank"] = Bank(world, by_itself=False)
    invoice = bank.create({"amount": PAID, "merchantPaymInfo": {"reference": f"{NUMBER}-1"}})["invoiceId"]
    bank.pay(invoice, "pay")
    bank.cancel({"invoiceId": invoice, "amount": BACK, "extRef": f"{NUMBER}-R1"})
    office = world.state["nova-poshta"] = Office(world.clock.now)
    parcel = office.depot.make({"InfoRegClientBarcodes": f"{NUMBER}-1"}, locker=False, cash=False)
    for _ in range(3):
        office.depot.push(parcel.number, "next")
    bot = world.state["telegram"] = Bot(world)
    bot.messages += [Message(number, GROUP, 0, f"Замовлення {NUMBER}", 0) for number in range(3)]
    occasions = (f"placed:{NUMBER}", f"payment:paid:{NUMBER}:2", f"refunded:{NUMBER}:3")
    world.letters += [a_letter(occasion) for occasion in occasions]
    events = [
        ("OrderPlaced", {"number": NUMBER}),
        ("PaymentChanged", {"number": NUMBER, "new": "paid", "step": 2, "channel": "bank"}),
        ("PaymentChanged", {"number": NUMBER, "new": "partially_refunded", "step": 3, "channel": "bank"}),
    ]
    rows = {
        "attempts": [[invoice, f"{NUMBER}-1", str(PAID), str(BACK), str(PAID), "success"]],
        "refunds": [[f"{NUMBER}-R1", str(BACK), "done", invoice]],
        "orders": [[NUMBER, "delivered", EMAIL, str(PAID), str(BACK), str(PAID)]],
        "shipments": [[NUMBER, "1", "made", parcel.ref, "1", "none"]],
        "events": [[name, json.dumps(payload)] for name, payload in events],
        "deliveries": [],
        "new": [],
        "owners": [[NUMBER, EMAIL]],
        "accounts": [[EMAIL, "", "http://sandbox.test/google", "100"], ["clerk@example.com", "password", "", ""]],
        "runs": [["1", "done", "", "300"]],
        "drafts": [list(TEXT)],
        "words": [["uk", "", "", ""]],
        "pictures": [["town/f.avif", "{}"]],
    }
    told = ([NUMBER], [f"{NUMBER}-R1"], '{"event":"worker_started"}\n', ["secret-token"])
    return Seen(rows, world, *told, tried=[CAME], owned={NUMBER: EMAIL}, asked=["1"])


def pay_again(seen: Seen) -> Seen:
    invoice = seen.bank.create({"amount": PAID, "merchantPaymInfo": {"reference": f"{NUMBER}-2"}})["invoiceId"]
    seen.bank.pay(invoice, "pay")
    seen.rows["attempts"].append([invoice, f"{NUMBER}-2", str(PAID), "0", "0", "success"])
    return seen


def refund_again(seen: Seen) -> Seen:
    (invoice,) = seen.bank.invoices
    seen.bank.cancel({"invoiceId": invoice, "amount": BACK, "extRef": f"{NUMBER}-R1"})
    return seen


def ship_again(seen: Seen) -> Seen:
    seen.world.state["nova-poshta"].depot.make({"InfoRegClientBarcodes": f"{NUMBER}-2"}, locker=False, cash=False)
    return seen


def with_row(table: str, *row: str) -> Callable[[Seen], Seen]:
    return lambda seen: replace(seen, rows={**seen.rows, table: [list(row)]})


def without(what: str) -> Callable[[Seen], Seen]:
    def emptied(seen: Seen) -> Seen:
        {"letters": seen.world.letters, "chat": seen.world.state["telegram"].messages}[what].clear()
        return seen

    return emptied


def with_one_more(table: str, *row: str) -> Callable[[Seen], Seen]:
    return lambda seen: replace(seen, rows={**seen.rows, table: [*seen.rows[table], list(row)]})


def with_a_spoilt_answer(seen: Seen) -> Seen:
    given = seen.world.state["google"].given
    given.append(replace(given.pop(), twist=Twist.FOREIGN_KEY))
    return seen


def with_another_answer(seen: Seen) -> Seen:
    seen.world.state["openai"].append(Written("Колос", "en", ("lead",), 1))
    return seen


BREACHES: dict[str, tuple[Callable[[Seen], Seen], ...]] = {
    "the bank holds of each invoice what the books say": (
        lambda seen: with_row("attempts", *seen.rows["attempts"][0][:2], "0", "0", "0", "created")(seen),
        lambda seen: replace(seen, rows={**seen.rows, "attempts": []}),
    ),
    "nobody pays an order twice": (pay_again,),
    "nothing is kept of a cancelled order": (
        with_row("orders", NUMBER, "cancelled", EMAIL, str(PAID), str(BACK), str(PAID)),
    ),
    "each refund was made once": (refund_again, lambda seen: replace(seen, rows={**seen.rows, "refunds": []})),
    "a refund that staff were promised is made": (lambda seen: replace(seen, promised=[f"{NUMBER}-R2"]),),
    "an order has one waybill at most": (ship_again,),
    "what waybills there are, both sides know": (
        ship_again,
        with_row("shipments", NUMBER, "1", "made", "another", "1", "none"),
    ),
    "orders and their cash follow their parcels": (
        with_row("orders", NUMBER, "shipped", EMAIL, str(PAID), str(BACK), str(PAID)),
        lambda seen: with_row("shipments", *seen.rows["shipments"][0][:-1], "with_carrier")(seen),
    ),
    "an order is there once for each that was acknowledged": (
        lambda seen: replace(seen, acknowledged=[]),
        lambda seen: replace(seen, acknowledged=[NUMBER, "TWC29112026N02"]),
    ),
    "everybody was told at least once": (without("letters"), without("chat")),
    "the outbox owes nothing": (
        with_row("deliveries", "dead", "notifications.order_placed", "the mail server refused"),
        with_row("new", "7", "OrderPlaced"),
    ),
    "whom a provider vouches for has one account": (
        with_one_more("accounts", "another@example.com", "", "http://sandbox.test/google", "100"),
        with_row("accounts", EMAIL, "password", "", ""),
    ),
    "whoever came in was in the account that is theirs": (
        lambda seen: replace(seen, tried=[replace(CAME, account="clerk@example.com")]),
    ),
    "every account can be opened": (with_one_more("accounts", "another@example.com", "", "", ""),),
    "nobody comes in by an answer that is forged or failed": (
        lambda seen: replace(seen, tried=[replace(CAME, honest=False)]),
        lambda seen: replace(seen, tried=[replace(CAME, code="another")]),
        with_a_spoilt_answer,
        with_one_more("accounts", "another@example.com", "password", "http://sandbox.test/telegram-id", "200"),
    ),
    "an order is in the account that was open": (
        with_row("owners", NUMBER, ""),
        with_row("owners", NUMBER, "clerk@example.com"),
    ),
    "a run of texts ends, or says why it stopped": (
        with_row("runs", "1", "running", "", "300"),
        with_row("runs", "1", "stopped", "", "300"),
        with_row("runs", "2", "done", "", "300"),
        with_one_more("drafts", *TEXT[:5], "waiting", "0", "0", ""),
    ),
    "no words of a model stand where nobody approved them": (
        with_row("words", "uk", "Тепла футболка", "", ""),
        with_row("words", "uk", "", '["футболка"]', ""),
        with_row("pictures", "town/f.avif", '{"uk": "Футболка спереду"}'),
    ),
    "every token that was spent is counted": (
        with_another_answer,
        with_row("runs", "1", "done", "", "299"),
        with_row("drafts", *TEXT[:7], "299", "written"),
    ),
    "no log holds a secret": (lambda seen: replace(seen, log=f"{seen.log}https://bank.test/?token=secret-token\n"),),
    "no process stumbled over itself": (
        lambda seen: replace(seen, log=seen.log + r'{"exception":"Traceback\n  in work\nKeyError: 7"}'),
    ),
}
"""What may go wrong, for each law."""


def test_both_sides_of_a_sound_order_tell_the_same() -> None:
    assert broken(sound()) == []


@pytest.mark.parametrize(("law", "breach"), [(law, breach) for law, some in BREACHES.items() for breach in some])
def test_a_law_that_is_broken_outside_is_named(law: str, breach: Callable[[Seen], Seen]) -> None:
    assert any(told.startswith(f"{law}: ") for told in broken(breach(sound())))


def test_every_law_of_the_outside_can_be_broken() -> None:
    assert BREACHES.keys() == OUTSIDE_LAWS.keys()
