"""What the bank asks of a bill before it makes an invoice of it, and how it refuses one (integrations.md 1)."""

from typing import Any, Final, TypeGuard

LONGEST_TEXT: Final = 280


class Refusal(Exception):
    """An answer in the bank's own words."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(code)
        self.status, self.code, self.text = status, code, text


def is_whole(value: object) -> TypeGuard[int]:
    """Whether JSON said a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_sum(value: object) -> TypeGuard[int]:
    """Whether JSON said a number above 0 that the bank can write down."""
    return is_whole(value) and 0 < value < 10**15


def check_bill(asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The amount of a bill and what it is for. Raises Refusal for what the bank would not take."""
    amount, payment = asked.get("amount"), asked.get("merchantPaymInfo", {})
    numbers = (asked[name] for name in ("ccy", "validity") if asked.get(name) is not None)
    if not is_sum(amount) or not all(is_sum(number) for number in numbers):
        raise Refusal(400, "BAD_REQUEST", "amount, ccy and validity are whole numbers above 0")
    if asked.get("paymentType") not in {None, "debit", "hold"}:
        raise Refusal(400, "BAD_REQUEST", "invalid 'paymentType'")
    if not isinstance(payment, dict):
        raise Refusal(400, "INVALID_MERCHANT_PAYM_INFO", "invalid 'merchantPaymInfo'")
    if any(len(str(payment.get(name) or "")) > LONGEST_TEXT for name in ("destination", "comment")):
        raise Refusal(400, "INVALID_MERCHANT_PAYM_INFO", "a text is longer than 280 letters")
    try:
        lines = payment.get("basketOrder") or []
        wrong = any({"name", "qty", "sum", "code"} - line.keys() for line in lines)
        wrong = wrong or bool(lines) and basket_sum(payment) != amount
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        wrong = True
    if wrong:
        raise Refusal(400, "INVALID_MERCHANT_PAYM_INFO", "basketOrder does not sum to amount, or lacks something")
    return amount, payment


def basket_sum(payment: dict[str, Any]) -> int:
    """What a basket is worth: unit prices times quantities, less the discounts of lines and of the whole."""
    total = 0
    for line in payment.get("basketOrder") or []:
        worth = line["sum"] * line["qty"]
        total += worth - _discounts(line.get("discounts") or [], worth)
    return int(total - _discounts(payment.get("discounts") or [], total))


def _discounts(discounts: list[dict[str, Any]], worth: int) -> int:
    off = 0
    for one in discounts:
        part = worth * one["value"] // 100 if one["mode"] == "PERCENT" else one["value"]
        off += part if one["type"] == "DISCOUNT" else -part
    return off
