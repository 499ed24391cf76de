"""The adapter of the bank: its signature by the bank's own example, its errors, its baskets."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.integrations.http import Outside, Patience
from commerce_api.integrations.monobank import Monobank
from commerce_api.shop.payments.errors import BankAway, BankRefused, BankUnsure, GatewayError, NoticeForged
from commerce_api.shop.payments.gateway import BankStatus, BasketLine, Bill
from commerce_api.shop.pricing.codes import CodeKind, CodeTerms
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.settlement.bills import refund_lines, whole_bill
from sandbox.bank_bills import basket_sum
from tests.commerce_api.shop.pricing.builders import SHOP
from tests.commerce_api.shop.settlement.builders import desk

pytestmark = pytest.mark.anyio

KEY = (
    "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FFQUc1LzZ3NnZubGJZb0ZmRHlYWE4vS29C"
    "bVVjTgo3NWJSUWg4MFBhaEdldnJoanFCQnI3OXNSS0JSbnpHODFUZVQ5OEFOakU1c0R3RmZ5Znhub0ZJcmZBPT0KLS0tLS1FTkQgUFVCTElDIEtFWS0t"
    "LS0tCg=="
)
SIGNATURE = "MEUCIQC/mVKhi8FKoayul2Mim3E2oaIOCNJk5dEXxTqbkeJSOQIgOM0hsW0qcP2H8iXy1aQYpmY0SJWEaWur7nQXlKDCFxA="
MOMENT = "2019-08-24T14:15:22Z"
BODY = json.dumps(
    {
        "invoiceId": "p2_9ZgpZVsl3",
        "status": "created",
        "failureReason": "string",
        "amount": 4200,
        "ccy": 980,
        "finalAmount": 4200,
        "createdDate": MOMENT,
        "modifiedDate": MOMENT,
        "reference": "84d0070ee4e44667b31371d8f8813947",
        "cancelList": [
            {
                "status": "processing",
                "amount": 4200,
                "ccy": 980,
                "createdDate": MOMENT,
                "modifiedDate": MOMENT,
                "approvalCode": "662476",
                "rrn": "060189181768",
                "extRef": "635ace02599849e981b2cd7a65f417fe",
            }
        ],
    },
    indent=2,
).encode()
"""The example of the bank's documentation (integrations.md 1.4)."""


class Answers(httpx2.AsyncBaseTransport):
    """A bank that gives one answer to everything."""

    def __init__(self, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
        self.status, self.body, self.headers, self.asked = status, body, headers, 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        return httpx2.Response(self.status, content=self.body, headers=self.headers)


async def at_once(_seconds: float) -> None:
    """No pause between repeats."""


def bank(transport: httpx2.AsyncBaseTransport, now: Callable[[], float] = lambda: 0.0) -> Monobank:
    return Monobank(
        Outside("monobank", "http://bank.test", patience=Patience(tries=2), transport=transport, pause=at_once),
        "http://bank.test",
        now,
    )


async def test_the_bank_s_own_example_verifies() -> None:
    assert (len(BODY), sha256(BODY).hexdigest()[:8]) == (582, "b68de0ef")

    notice = await bank(Answers(body=json.dumps({"key": KEY}).encode())).read_notice(BODY, SIGNATURE)

    assert (notice.invoice_id, notice.status) == ("p2_9ZgpZVsl3", "created")
    assert notice.modified_at == datetime(2019, 8, 24, 14, 15, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        pytest.param(BODY + b"\n", SIGNATURE, id="a newline more"),
        pytest.param(json.dumps(json.loads(BODY)).encode(), SIGNATURE, id="written anew"),
        pytest.param(BODY.replace(b"4200", b"4300"), SIGNATURE, id="another amount"),
        pytest.param(BODY, "", id="no signature"),
        pytest.param(BODY, "not base64!", id="no base64"),
        pytest.param(BODY, base64.b64encode(b"x" * 70).decode(), id="no signature's shape"),
        pytest.param(b"", SIGNATURE, id="nothing signed"),
    ],
)
async def test_anything_else_does_not(body: bytes, signature: str) -> None:
    with pytest.raises(NoticeForged):
        await bank(Answers(body=json.dumps({"key": KEY}).encode())).read_notice(body, signature)


async def test_what_is_signed_and_makes_no_sense_is_no_message() -> None:
    here = desk()
    odd = [
        {"invoiceId": "a\0", "status": "b"},
        {"invoiceId": "a", "status": "b\0"},
        {"invoiceId": "a", "status": "\ud800"},
    ]
    for body in (
        b"[]",
        b"no json",
        b'{"invoiceId": 7}',
        b'{"invoiceId": "a", "status": "b", "modifiedDate": "soon"}',
        *(json.dumps(each | {"modifiedDate": MOMENT}).encode() for each in odd),
    ):
        with pytest.raises(NoticeForged):
            await here.gateway.read_notice(body, here.there.messages.signed(body))


async def test_the_key_is_fetched_once_and_again_when_it_no_longer_fits() -> None:
    seconds = 0.0
    here = desk(now=lambda: seconds)
    body = BODY
    for _ in range(3):
        await here.gateway.read_notice(body, here.there.messages.signed(body))
    assert here.wire.calls == ["pubkey"]

    seconds = 1000.0
    here.there.messages.rotate()
    await here.gateway.read_notice(body, here.there.messages.signed(body))

    assert here.wire.calls == ["pubkey", "pubkey"]


async def test_forged_messages_do_not_make_us_knock_at_the_bank_each_time() -> None:
    here = desk(now=lambda: 5.0)
    stranger = ec.generate_private_key(ec.SECP256R1())
    forged = base64.b64encode(stranger.sign(BODY, ec.ECDSA(SHA256()))).decode()

    for _ in range(20):
        with pytest.raises(NoticeForged):
            await here.gateway.read_notice(BODY, forged)

    assert here.wire.calls == ["pubkey"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, b'{"errCode": "BAD_REQUEST"}', BankRefused),
        (400, b'{"errCode": "WRONG_CANCEL_AMOUNT"}', BankRefused),
        (403, b'{"errCode": "FORBIDDEN"}', BankRefused),
        (404, b'{"errCode": "NOT_FOUND"}', BankRefused),
        (429, b'{"errCode": "TMR"}', BankAway),
        (500, b'{"errCode": "INTERNAL_ERROR"}', BankUnsure),
        (500, b'{"errCode": "CANCEL_NOT_AVAILABLE"}', BankRefused),
        (502, b"<html>Bad Gateway</html>", BankUnsure),
        (200, b"<html>Welcome</html>", BankUnsure),
        (200, b"[]", BankUnsure),
    ],
)
async def test_every_way_to_fail_says_whether_it_may_have_happened(
    status: int, body: bytes, expected: type[GatewayError]
) -> None:
    answers = Answers(status, body)

    with pytest.raises(GatewayError) as failed:
        await bank(answers).refund("p2_1", 100, "TWC1-R1", ())

    assert type(failed.value) is expected
    assert answers.asked == 1, "what moves money is never repeated"


async def test_what_was_removed_by_a_call_whose_answer_was_lost_is_removed() -> None:
    here = desk()
    bill = Bill("R", 100, "p", (BasketLine("A", "a", 1, 100),), 60, "http://s/r", "http://s/w")
    page = await here.gateway.start(bill)
    here.fault("lost_reply", only="/remove")

    await here.gateway.remove(page.invoice_id)

    assert here.there.invoices[page.invoice_id].removed
    assert here.wire.calls == ["create", "remove", "remove"]


@pytest.mark.parametrize("told", [{}, {"invoiceId": 5, "pageUrl": "x"}, {"invoiceId": "", "pageUrl": "x"}])
async def test_a_page_without_its_name_is_not_believed(told: dict[str, Any]) -> None:
    bill = Bill("R", 100, "p", (BasketLine("A", "a", 1, 100),), 60, "http://s/r", "http://s/w")
    with pytest.raises(BankUnsure):
        await bank(Answers(body=json.dumps(told).encode())).start(bill)


@pytest.mark.parametrize(
    "page",
    [
        "https://bank.test/pay/1",
        "http://bank.test.evil.example/pay/1",
        "http://bank.test@evil.example/pay/1",
        "//bank.test/pay/1",
        "javascript:alert(1)",
    ],
)
async def test_nobody_is_sent_to_a_page_that_is_not_the_bank_s(page: str) -> None:
    bill = Bill("R", 100, "p", (BasketLine("A", "a", 1, 100),), 60, "http://s/r", "http://s/w")
    with pytest.raises(BankUnsure):
        await bank(Answers(body=json.dumps({"invoiceId": "a", "pageUrl": page}).encode())).start(bill)


async def test_a_status_that_nobody_knows_is_unknown() -> None:
    answers = Answers(body=b'{"invoiceId": "a", "status": "wonderful", "amount": 5, "ccy": 980}')

    assert (await bank(answers).check("a")).status is BankStatus.UNKNOWN


lines = st.lists(st.tuples(st.integers(1, 200_000), st.integers(1, 50)), min_size=1, max_size=20)
codes = st.one_of(
    st.none(),
    st.tuples(st.just(CodeKind.PERCENT), st.integers(1, 90)),
    st.tuples(st.just(CodeKind.FIXED), st.integers(1, 10**6)),
)


class Sold:
    """A line of an order."""

    def __init__(self, sku: str, unit_price: int, quantity: int) -> None:
        self.sku, self.name, self.unit_price, self.quantity = sku, f"Річ {sku}", unit_price, quantity


def basket(goods: list[tuple[int, int]], code: tuple[CodeKind, int] | None) -> tuple[int, tuple[BasketLine, ...]]:
    priced = [PricedLine(f"TC-{n}", price, count) for n, (price, count) in enumerate(goods)]
    terms = CodeTerms(1, "CODE", *code) if code else None
    totals = quote(priced, SHOP, code=terms, at=datetime(2026, 11, 22, tzinfo=UTC))
    sold = [Sold(line.sku, line.unit_price, line.quantity) for line in priced]
    shares = totals.shares or (0,) * len(sold)
    return totals.payable, whole_bill(list(zip(sold, shares, strict=True)), totals.shipping, "uk")


@given(goods=lines, code=codes)
async def test_unit_prices_times_quantities_less_discounts_are_the_amount(
    goods: list[tuple[int, int]], code: tuple[CodeKind, int] | None
) -> None:
    payable, bill = basket(goods, code)
    here = desk()

    page = await here.gateway.start(Bill("R-1", payable, "purpose", bill, 60, "http://s/r", "http://s/w"))

    invoice = here.there.invoices[page.invoice_id]
    assert invoice.amount == basket_sum({"basketOrder": invoice.lines}) == payable
    assert all(line["total"] == line["sum"] * line["qty"] for line in invoice.lines)


@given(goods=lines, code=codes, data=st.data())
def test_the_lines_of_a_refund_sum_to_it(
    goods: list[tuple[int, int]], code: tuple[CodeKind, int] | None, data: st.DataObject
) -> None:
    payable, bill = basket(goods, code)
    amount = data.draw(st.integers(1, payable))

    shared = refund_lines(bill, amount)

    assert sum(line.total for line in shared) == amount
    assert all(line.total > 0 for line in shared)
