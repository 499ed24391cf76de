"""Phones in, phones out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.kit.phone import mask_phone, normalize_phone, show_phone


@pytest.mark.parametrize(
    "typed",
    [
        "067 123 45 67",
        "0671234567",
        "380671234567",
        "+380 67 123-45-67",
        "+38 (067) 123 45 67",
        "80671234567",
        "067.123.45.67",
    ],
)
def test_any_usual_way_of_writing_a_number_is_understood(typed: str) -> None:
    assert normalize_phone(typed) == "+380671234567"


@pytest.mark.parametrize(
    "typed", ["", "067", "+48 601 234 567", "0671234567890", "tel", "06712345б7", "0" * 10, "+380 067 123 45 67"]
)
def test_what_is_no_ukrainian_number_is_refused(typed: str) -> None:
    assert normalize_phone(typed) is None


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_a_number_of_ours_or_nothing(typed: str) -> None:
    phone = normalize_phone(typed)
    assert phone is None or (phone.startswith("+380") and len(phone) == 13 and phone[1:].isdigit())


def test_a_number_is_shown_in_groups_and_masked_for_strangers() -> None:
    assert show_phone("+380671234567") == "+380\u00a067\u00a0123\u00a045\u00a067"
    assert mask_phone("+380671234567") == "+380\u00a067\u00a0•••\u00a0••\u00a067"
