"""What laws look at when a town has settled: rows by plain SQL, the stand-ins, what people know, and the logs."""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.bank import Bank
from sandbox.issuer import Issuer
from sandbox.nova_poshta_parcels import Document
from sandbox.openai import Written
from sandbox.telegram_objects import GROUP
from sandbox.world import World
from tests.stress import laws
from tests.stress.town import Tried

COLUMNS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "attempts": (
        "payment WHERE invoice_id IS NOT NULL",
        ("invoice_id", "reference", "received", "returned", "credited", "status"),
    ),
    "refunds": (
        "refund LEFT JOIN payment ON payment.id = refund.payment_id",
        ("refund.reference", "refund.amount", "refund.status", "COALESCE(payment.invoice_id, '')"),
    ),
    "orders": ("shop_order", ("number", "status", "COALESCE(email, '')", "paid", "refunded", "payable")),
    "shipments": ("shipment WHERE direction = 'out'", ("order_number", "attempt", "state", "ref", "id", "cash_state")),
    "events": ("outbox_event", ("name", "CAST(payload AS TEXT)")),
    "deliveries": ("outbox_delivery WHERE state <> 'done'", ("state", "handler", "COALESCE(last_error, '')")),
    "new": ("outbox_event WHERE dispatched_at IS NULL", ("id", "name")),
    "owners": (
        "shop_order LEFT JOIN account ON account.id = shop_order.account_id",
        ("shop_order.number", "COALESCE(account.email, '')"),
    ),
    "accounts": (
        "account LEFT JOIN account_identity ON account_identity.account_id = account.id",
        (
            "account.email",
            "CASE WHEN account.password_hash IS NULL THEN '' ELSE 'password' END",
            "COALESCE(account_identity.issuer, '')",
            "COALESCE(account_identity.subject, '')",
        ),
    ),
    "runs": ("ai_run", ("id", "state", "reason", "tokens")),
    "drafts": (
        "ai_draft",
        (
            "run_id",
            "subject",
            "lang",
            "CAST(wanted AS TEXT)",
            "CAST(facts AS TEXT)",
            "status",
            "attempts",
            "(tokens_in + tokens_out)",
            "CASE WHEN written_at IS NULL THEN '' ELSE 'written' END",
        ),
    ),
    "words": (
        "product_text",
        (
            "lang",
            "lead || seo_title || seo_description || description_md || COALESCE(story_md, '')",
            "COALESCE(CAST(keywords AS TEXT), '')",
            "COALESCE(CAST(faq AS TEXT), '')",
        ),
    ),
    "pictures": ("product_image", ("path", "CAST(alt AS TEXT)")),
}
"""What is read of the database: tables, and the columns that are looked at."""
MARK: Final = "¦"
SPACE: Final = f" || '{MARK}' || "
REMOVED: Final = "2"
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the laws look at: the database's rows, the world outside, what people know, and the logs.

    `acknowledged` are numbers of orders, `promised` references of refunds; `secrets` may stand in no log. `tried` is
    every try to come in by a provider's word, `owned` the account by the number of each order placed in one, `asked`
    the runs of texts that staff were told of.
    """

    rows: Mapping[str, Rows]
    world: World
    acknowledged: Sequence[str]
    promised: Sequence[str]
    log: str
    secrets: Sequence[str]
    tried: Sequence[Tried] = ()
    owned: Mapping[str, str] = field(default_factory=dict)
    asked: Sequence[str] = ()

    @property
    def bank(self) -> Bank:
        bank: Bank = self.world.state["monobank"]
        return bank

    def issuer(self, service: str) -> Issuer:
        """The stand-in of a provider that vouches for people."""
        found: Issuer = self.world.state[service]
        return found

    @property
    def spent(self) -> Sequence[Written]:
        """What the stand-in of the model answered, heard or not."""
        found: Sequence[Written] = self.world.state["openai"]
        return found

    @property
    def parcels(self) -> list[Document]:
        """Waybills to customers that the carrier has, those that were taken back left out."""
        found: list[Document] = list(self.world.state["nova-poshta"].depot.documents.values())
        return [one for one in found if "Back" not in one.asked and one.code != REMOVED]

    @property
    def said(self) -> list[str]:
        """What the staff's chat was told."""
        return [html.unescape(one.text) for one in self.world.state["telegram"].messages if one.chat == GROUP]

    @property
    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What happened, by the shop's own account."""
        return ((name, json.loads(payload)) for name, payload in self.rows["events"])


async def read(url: str) -> dict[str, Rows]:
    """The rows of a database that the laws look at."""
    queries = [f"SELECT {SPACE.join(columns)} FROM {source}" for source, columns in COLUMNS.values()]
    found = await laws.ask(url, *queries)
    return {name: [row.split(MARK) for row in rows] for name, rows in zip(COLUMNS, found, strict=True)}
