"""The port to a bank that takes payments on a page of its own. Amounts are kopiyky, moments aware and in UTC."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

UAH: Final = 980
"""The number of the hryvnia in ISO 4217."""


class BankStatus(StrEnum):
    """What a bank says of an invoice. Whatever it says beyond this list is `unknown` and pays nothing."""

    CREATED = "created"
    PROCESSING = "processing"
    HOLD = "hold"
    SUCCESS = "success"
    FAILURE = "failure"
    REVERSED = "reversed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """`quantity` pieces at `unit_price` less `discount` for all of them."""

    code: str
    name: str
    quantity: int
    unit_price: int
    discount: int = 0

    @property
    def total(self) -> int:
        return self.unit_price * self.quantity - self.discount


@dataclass(frozen=True, slots=True)
class Bill:
    """What the bank is asked to take: the lines sum to `amount`. `seconds` is how long the page is good."""

    reference: str
    amount: int
    purpose: str
    lines: tuple[BasketLine, ...]
    seconds: int
    return_url: str
    webhook_url: str
    hold: bool = False


@dataclass(frozen=True, slots=True)
class PayPage:
    """The bank's page for a bill."""

    invoice_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Return:
    """One return of money as the bank tells it. `reference` is ours, "" when the bank was not asked by us."""

    reference: str
    amount: int
    done: bool
    failed: bool = False


@dataclass(frozen=True, slots=True)
class BankState:
    """An invoice as the bank sees it at `modified_at`, None when it does not say.

    `final_amount` is what is left after returns, None when the bank does not say. `failure` is its sentence for the
    payer, `code` its number for us.
    """

    invoice_id: str
    status: BankStatus
    amount: int
    currency: int
    modified_at: datetime | None = None
    final_amount: int | None = None
    reference: str = ""
    failure: str = ""
    code: str = ""
    returns: tuple[Return, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Notice:
    """A signed message: something changed with this invoice. What, is asked for; the message is no proof of money."""

    invoice_id: str
    status: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class StatementLine:
    """An invoice that money moved for, as the bank's statement names it."""

    invoice_id: str
    reference: str
    status: BankStatus
    amount: int
    returned: int


class PaymentGateway(Protocol):
    """A bank. Every verb but `read_notice` goes over the network, so never inside a transaction.

    All raise BankAway, BankUnsure or BankRefused; a bank has no idempotency key, so that start, refund and finalize are
    called once, and looked up before they are called again.
    """

    name: str

    async def start(self, bill: Bill) -> PayPage:
        """A page for the bill."""

    async def check(self, invoice_id: str) -> BankState:
        """Where the invoice stands."""

    async def remove(self, invoice_id: str) -> None:
        """Make the page worthless. Raises BankRefused for an invoice that was paid."""

    async def refund(self, invoice_id: str, amount: int, reference: str, lines: Sequence[BasketLine]) -> bool:
        """Give `amount` back; True when it is done, False when the bank still works on it."""

    async def finalize(self, invoice_id: str, amount: int) -> None:
        """Take `amount` of the money that is held."""

    async def read_notice(self, body: bytes, signature: str) -> Notice:
        """The message, once its signature over the raw bytes is the bank's. Raises NoticeForged."""

    async def statement(self, since: datetime, until: datetime | None = None) -> list[StatementLine]:
        """Everything that was paid from a moment on, up to another or to now, with what of it went back since."""

    async def receipt(self, invoice_id: str) -> str:
        """The address of the fiscal receipt, "" while there is none."""
