"""Answers of the sandbox, held against the shapes of what services document."""

from typing import Any

import httpx2
import orjson

from sandbox.nova_poshta_directory import reference
from tests.sandbox import shapes

HOST = "http://sandbox.test"

LVIV = reference("city", "Львів")

VERIFIER = "v" * 48

RUBBISH = (
    b"", b"{", b"null", b"[]", b"7", b'"text"', b"\xff\xfe", b'{"amount": "x"}', b'{"amount": true}',
    b'{"amount": 1e400}', b'{"amount": 100, "validity": "soon"}', b'{"amount": 100, "ccy": []}',
    b'{"amount": 100, "merchantPaymInfo": []}', b'{"amount": 100, "merchantPaymInfo": {"basketOrder": [7]}}',
    b'{"amount": 100, "merchantPaymInfo": {"basketOrder": 7}}', b'{"amount": 100, "paymentType": "gift"}',
    b'{"amount": 100, "merchantPaymInfo": {"basketOrder": [{"name": 1, "qty": "2", "sum": {}, "code": null}]}}',
    b'{"invoiceId": {}}', b'{"invoiceId": 7, "amount": "all"}',
)  # fmt: skip
"""Bodies that no client should send, and some do."""


def fits(shape: type[shapes.Shape], answer: httpx2.Response, status: int = 200) -> Any:
    """The JSON of an answer, once it is of a shape."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    told = orjson.loads(answer.content)
    shape.model_validate(told)
    return told
