"""A shop that is some years old: rows by SQL, fifty thousand orders and something of all that comes with them.

Of each table the row with the lowest key is copied, with what must differ and what time would have changed.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from tortoise.connection import get_connection
from tortoise.models import Model

from commerce_api.foundation.kit import clock
from commerce_api.foundation.outbox.models import Delivery, OutboxEvent
from commerce_api.foundation.publishing.models import BuildReceipt, PageChange, RebuildRequest
from commerce_api.foundation.web.models import KeptAnswer, Session
from commerce_api.office.admin.models import AuditEntry
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.office.notifications.models import Notice, TelegramUpdate
from commerce_api.shop.accounts.models import (
    AccessToken,
    Account,
    Attempt,
    Consent,
    LinkedIdentity,
    Proof,
    QuietAddress,
    RecoveryCode,
    TelegramChat,
)
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.catalog.models import RestockRequest, StockMovement
from commerce_api.shop.favourites.models import Favourite
from commerce_api.shop.finding.models import SearchMiss
from commerce_api.shop.ledger.models import Entry, LedgerAccount, Posting
from commerce_api.shop.loyalty.models import Reward
from commerce_api.shop.orders.models import Order, OrderLine, StatusChange
from commerce_api.shop.payments.models import BankNotice, Payment, Refund
from commerce_api.shop.pricing.codes import CodeKind
from commerce_api.shop.promotions.models import PromoCode, PromoUse, UseState
from commerce_api.shop.shipping.models import DeliveryQuote, Shipment, ShipmentEvent

ORDERS: Final = 50_000
OTHERS: Final = 6_000
"""Rows of what is no order nor a part of one: as many as make an index worth its while."""
ASKED: Final = 500
"""What staff asked for themselves."""
FIRST: Final = 10_000
"""What was there before has lower keys."""
ACCOUNTS: Final = 500
"""People who share all orders between them."""

KEY: Final = f"{FIRST} + n.i"
FEW: Final = "CASE WHEN n.i % 500 = 0 THEN "
"""One row in five hundred, and the others."""

_OF_ORDER: Final = {"order_id": KEY}
_OF_ACCOUNT: Final = {"account_id": KEY}
YEARS: Final[tuple[tuple[type[Model], int, Mapping[str, str]], ...]] = (
    (
        Order,
        ORDERS,
        {
            "number": "'N' || n.i",
            "token": "'token-token-token-' || n.i",
            "account_id": f"{FIRST} + n.i % {ACCOUNTS}",
            "email": "'p' || n.i || '@example.com'",
            "phone": "'+38067' || (1000000 + n.i)",
            "status": "CASE WHEN n.i % 50 = 0 THEN 'new' ELSE 'delivered' END",
            "pay_type": "CASE WHEN n.i % 10000 = 0 OR n.i % 100 = 1 THEN 'online_full' ELSE 'cod' END",
            "placed_at": "{placed_at}",
            "updated_at": "{updated_at}",
        },
    ),
    (OrderLine, ORDERS, _OF_ORDER),
    (StatusChange, OTHERS, _OF_ORDER),
    (StockMovement, OTHERS, {"cause": "'N' || n.i"}),
    (
        Payment,
        ORDERS,
        {
            **_OF_ORDER,
            "open_order_id": "NULL",
            "reference": "'P-' || n.i",
            "invoice_id": "'I-' || n.i",
            "status": "'success'",
            "created_at": "{created_at}",
            "next_check_at": f"{FEW} o.created_at END",
        },
    ),
    (
        Refund,
        OTHERS,
        {
            **_OF_ORDER,
            "payment_id": KEY,
            "reference": "'R-' || n.i",
            "status": f"{FEW} 'queued' ELSE 'done' END",
            "created_at": "{created_at}",
            "changed_at": "{changed_at}",
        },
    ),
    (
        Shipment,
        OTHERS,
        {
            **_OF_ORDER,
            "order_number": "'N' || n.i",
            "slot": f"({KEY}) || ':out'",
            "waybill": "'2050' || (1000000000 + n.i)",
            "next_poll_at": "NULL",
            "quarantined_at": "NULL",
            "updated_at": "{updated_at}",
        },
    ),
    (ShipmentEvent, OTHERS, {"shipment_id": KEY}),
    (OutboxEvent, OTHERS, {"created_at": "{created_at}", "dispatched_at": "{created_at}"}),
    (
        Delivery,
        OTHERS,
        {
            "event_id": KEY,
            "state": f"{FEW} 'dead' ELSE 'done' END",
            "available_at": "{available_at}",
            "done_at": "{available_at}",
        },
    ),
    (Notice, OTHERS, {"key": "'order:' || n.i", "sent_at": "{sent_at}"}),
    (KeptAnswer, OTHERS, {"key": "'k' || n.i", "created_at": "{created_at}"}),
    (BankNotice, OTHERS, {"invoice_id": "'I-' || n.i", "received_at": "{received_at}", "done_at": "{received_at}"}),
    (TelegramUpdate, OTHERS, {"update_id": KEY, "received_at": "{received_at}", "done_at": "{received_at}"}),
    (AuditEntry, OTHERS, {"at": "{at}", "subject": "'s' || n.i"}),
    (PromoCode, OTHERS, {"code": "'C' || n.i"}),
    (PromoUse, OTHERS, {**_OF_ORDER, "phone_key": "'p' || n.i", "email_key": "'e' || n.i"}),
    (Account, OTHERS, {"email": "'p' || n.i || '@example.com'", "created_at": "{created_at}"}),
    (Session, OTHERS, {**_OF_ACCOUNT, "digest": "'d' || n.i"}),
    (Proof, OTHERS, {**_OF_ACCOUNT, "digest": "'d' || n.i", "used_at": "o.expires_at"}),
    (AccessToken, OTHERS, {**_OF_ACCOUNT, "digest": "'d' || n.i"}),
    (LinkedIdentity, OTHERS, {**_OF_ACCOUNT, "subject": "'s' || n.i"}),
    (RecoveryCode, OTHERS, {**_OF_ACCOUNT, "digest": "'d' || n.i"}),
    (Consent, OTHERS, _OF_ACCOUNT),
    (TelegramChat, OTHERS, {**_OF_ACCOUNT, "chat_id": KEY}),
    (QuietAddress, OTHERS, {"digest": "'d' || n.i"}),
    (Attempt, OTHERS, {"state": "'s' || n.i", "browser": "'b' || n.i"}),
    (Cart, OTHERS, {**_OF_ACCOUNT, "token_digest": "'d' || n.i", "seen_at": "{seen_at}"}),
    (CartLine, OTHERS, {"cart_id": KEY}),
    (Favourite, OTHERS, {**_OF_ACCOUNT, "product": "'p' || n.i"}),
    (LedgerAccount, OTHERS, {"owner": f"'account:' || ({KEY})"}),
    (Posting, OTHERS, {"cause": "'order:' || n.i"}),
    (Entry, OTHERS, {"posting_id": KEY, "account_id": KEY}),
    (Reward, OTHERS, {**_OF_ACCOUNT, "cause": "'c' || n.i", "code": "'C' || n.i"}),
    (RestockRequest, OTHERS, {"once": "'o' || n.i", "contact": "'w' || n.i", "notified_at": "{created_at}"}),
    (SearchMiss, OTHERS, {"query": "'q' || n.i", "day": "{day}"}),
    (DeliveryQuote, OTHERS, {"asked": "'a' || n.i", "at": "{at}"}),
    (PageChange, OTHERS, {"key": "'product:p' || n.i", "built_at": "{created_at}"}),
    (BuildReceipt, OTHERS, {"created_at": "{created_at}"}),
    (RebuildRequest, ASKED, {"state": "'done'", "created_at": "{created_at}", "finished_at": "{created_at}"}),
    (AiRun, OTHERS, {"state": "'done'", "created_at": "{created_at}"}),
    (
        Draft,
        OTHERS,
        {
            "run_id": KEY,
            "input_hash": "'i' || n.i",
            "kin": "'k' || n.i",
            "status": "'published'",
        },
    ),
)
"""Tables that grow with the shop: how many rows, and what differs in them; `{column}` is that moment, a minute later
with each row."""


def is_sqlite() -> bool:
    """Whether the open database is a file."""
    return bool(get_connection("default").capabilities.dialect == "sqlite")


def _earlier(column: str, rows: int) -> str:
    if column == "day":
        return "date(o.day, '-' || (n.i / 20) || ' days')" if is_sqlite() else "o.day - n.i / 20"
    if is_sqlite():
        return f"strftime('%Y-%m-%d %H:%M:%f+00:00', o.{column}, '-' || ({rows} - n.i) || ' minutes')"
    return f"o.{column} - ({rows} - n.i) * interval '1 minute'"


def _copies(model: type[Model], rows: int, changed: Mapping[str, str]) -> str:
    table, columns = model._meta.db_table, list(model._meta.db_fields)
    values = {
        name: _earlier(value[1:-1], rows) if value.startswith("{") else value
        for name, value in {"id": KEY, **changed}.items()
    }
    chosen = ", ".join(values.get(name, f"o.{name}") for name in columns)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
        f"SELECT {chosen} FROM n, (SELECT * FROM {table} ORDER BY id LIMIT 1) o"
    )


async def _missing() -> None:
    """A first row in each table that a crowd leaves empty."""
    now = clock.now()
    code = await PromoCode.create(code="C", kind=CodeKind.PERCENT, value=10, categories=[], products=[], created_at=now)
    await PromoUse.create(
        promo_id=code.id, order_id=1, state=UseState.CONFIRMED, discount=1, created_at=now, changed_at=now
    )
    await Attempt.create(provider="google", state="s", browser="b", expires_at=now + timedelta(minutes=5))
    await KeptAnswer.create(key="k", body_digest="b", status=201, answer={}, created_at=now)
    await BankNotice.create(invoice_id="I", modified_at=now, status="success", received_at=now, done_at=now)
    await TelegramUpdate.create(update_id=1, content={}, received_at=now, done_at=now)
    await Notice.create(key="k", channel="mail", sent_at=now)
    await QuietAddress.create(digest="d", since=now)
    await DeliveryQuote.create(asked="a", price=1, day=date(2026, 11, 1), at=now)
    await PageChange.create(key="product:p", reason="", created_at=now, built_at=now)


def scripts() -> Iterator[str]:
    """The statements that make the years."""
    off, on = ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
    if not is_sqlite():
        off, on = ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
    inserts = [_copies(model, rows, changed) for model, rows, changed in YEARS]
    yield ";".join([off, *inserts, on, "ANALYZE"])


async def pass_by() -> None:
    """Years pass in the shop of the open database, in which a crowd has been."""
    await _missing()
    connection: Any = get_connection("default")
    for script in scripts():
        await connection.execute_script(script)
    assert await Order.all().count() > ORDERS
