"""Monobank acquiring."""

from typing import Annotated, Literal

from pydantic import Field

from tests.sandbox.shapes.base import Digits, Moment, Shape


class BankError(Shape):
    errCode: Literal[
        "BAD_REQUEST", "1001", "INVALID_MERCHANT_PAYM_INFO", "ORDER_IN_PROGRESS", "HOLD_INVOICE_NOT_FINALIZED",
        "WRONG_CANCEL_AMOUNT", "TOKEN_NOT_FOUND", "FORBIDDEN", "NOT_FOUND", "1004", "METHOD_NOT_ALLOWED", "TMR",
        "INTERNAL_ERROR", "CANCEL_NOT_AVAILABLE",
    ]  # fmt: skip
    errText: str


BANK_STATUSES = {
    "BAD_REQUEST": 400, "INVALID_MERCHANT_PAYM_INFO": 400, "ORDER_IN_PROGRESS": 400, "HOLD_INVOICE_NOT_FINALIZED": 400,
    "WRONG_CANCEL_AMOUNT": 400, "FORBIDDEN": 403, "NOT_FOUND": 404, "METHOD_NOT_ALLOWED": 405, "TMR": 429,
    "INTERNAL_ERROR": 500, "CANCEL_NOT_AVAILABLE": 500,
}  # fmt: skip


class Nothing(Shape):
    """An empty object."""


class InvoiceMade(Shape):
    invoiceId: str
    pageUrl: str
    appUrl: str = ""


class Traced(Shape):
    """By which numbers banks know a movement of money."""

    approvalCode: str = ""
    rrn: str = ""


class Cancelled(Shape):
    status: Literal["processing", "success", "failure"]
    createdDate: Moment
    modifiedDate: Moment


class CancelEntry(Traced, Cancelled):
    amount: int = 0
    ccy: int = 0
    extRef: str = ""


class PaymentInfo(Traced):
    maskedPan: Annotated[str, Field(pattern=r"^\d{6,8}\*+\d{2,4}$")]
    terminal: str
    paymentSystem: Literal["visa", "mastercard"]
    paymentMethod: Literal["pan", "apple", "google", "monobank", "wallet", "direct"]
    tranId: str = ""
    bank: str = ""
    country: str = ""
    fee: int = 0
    agentFee: int = 0


class InvoiceState(Shape):
    invoiceId: str
    status: Literal["created", "processing", "hold", "success", "failure", "reversed", "expired"]
    amount: int
    ccy: int
    finalAmount: int = 0
    createdDate: Moment = ""
    modifiedDate: Moment = ""
    reference: str = ""
    destination: str = ""
    errCode: Digits = ""
    failureReason: str = ""
    paymentInfo: PaymentInfo | None = Field(default=None)
    cancelList: list[CancelEntry] = Field(default=[])


class Finalized(Shape):
    status: Literal["success"]


class Receipt(Shape):
    file: str = ""


class FiscalCheck(Shape):
    id: str
    type: Literal["sale", "return"]
    status: Literal["new", "process", "done", "failed"]
    fiscalizationSource: Literal["checkbox", "monopay", "vchasnokasa"]
    statusDescription: str = ""
    taxUrl: str = ""
    file: str = ""


class FiscalChecks(Shape):
    checks: list[FiscalCheck]


class BankKey(Shape):
    key: str


class Merchant(Shape):
    merchantId: str
    merchantName: str
    edrpou: str


class Moved(Traced):
    """Money that moved, as the statement tells of it."""

    amount: int
    ccy: int
    date: Moment
    maskedPan: str


class StatementCancel(Moved):
    extRef: str = ""


class StatementLine(Moved):
    invoiceId: str
    status: Literal["hold", "processing", "success", "failure"]
    paymentScheme: Literal["full", "bnpl_parts_4", "bnpl_later_30"]
    profitAmount: int = 0
    reference: str = ""
    destination: str = ""
    shortQrId: str = ""
    cancelList: list[StatementCancel] = Field(default=[])


Lines = list[StatementLine]


class Statement(Shape):
    list: Lines
