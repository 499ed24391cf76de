"""The carrier's code table, row by row (integrations.md 2.4)."""

import pytest

from commerce_api.shop.shipping.codes import CODES, ParcelState, meaning

P = ParcelState
DOCUMENTED = {
    "1": P.MADE, "2": P.REMOVED, "3": P.MISSING, "4": P.MOVING, "41": P.MOVING, "5": P.MOVING, "6": P.MOVING,
    "7": P.ARRIVED, "8": P.ARRIVED, "9": P.RECEIVED, "10": P.RECEIVED, "11": P.RECEIVED, "12": P.MOVING,
    "101": P.MOVING, "102": P.REFUSED, "103": P.REFUSED, "104": P.MOVING, "105": P.REFUSED, "106": P.RECEIVED,
    "111": P.MOVING, "112": P.MOVING,
}  # fmt: skip


def test_every_documented_code_has_its_meaning_and_there_are_no_others() -> None:
    assert {code: meant.state for code, meant in CODES.items()} == DOCUMENTED


@pytest.mark.parametrize(
    "code", ["", "0", "13", "99", "110", "113", " 9", "09", "9.0", "received", "Відправлення отримано"]
)
def test_anything_else_means_nothing(code: str) -> None:
    assert meaning(code) is None


def test_only_one_code_says_that_the_money_is_ours() -> None:
    assert [code for code, meant in CODES.items() if meant.paid] == ["11"]


def test_arriving_is_not_being_received() -> None:
    assert {CODES["7"].state, CODES["8"].state} == {P.ARRIVED}
    assert not CODES["7"].last
