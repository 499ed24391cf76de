"""Ways to pay: which are open, why not, and what is due now."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.kit.money import hryvnias
from commerce_api.shop.pricing.payments import PayType, cod_commission, due_now, pay_choices
from commerce_api.shop.pricing.shipping import DeliveryKind
from tests.commerce_api.shop.pricing.builders import DELIVERIES, SHOP

BRANCH, LOCKER, COURIER = DeliveryKind.BRANCH, DeliveryKind.LOCKER, DeliveryKind.COURIER


def reasons(
    payable: int, delivery: DeliveryKind = BRANCH, *, bank: bool = False, cod: bool = True
) -> dict[str, str | None]:
    shop = replace(SHOP, cod_enabled=cod)
    return {choice.kind.value: choice.reason for choice in pay_choices(payable, delivery, shop, bank)}


def test_without_a_bank_only_cash_on_delivery_is_open_and_the_others_say_why() -> None:
    assert reasons(hryvnias(970)) == {"online_full": "no_bank", "prepay_200": "no_bank", "cod": None}


@pytest.mark.parametrize(
    ("payable", "delivery", "expected"),
    [
        (500_000, BRANCH, None),
        (500_001, BRANCH, "cod_limit"),
        (97_000, LOCKER, None),
        (97_000, COURIER, "needs_branch"),
    ],
)
def test_cash_on_delivery_needs_a_branch_and_a_sum_within_the_limit(
    payable: int, delivery: DeliveryKind, expected: str | None
) -> None:
    assert reasons(payable, delivery)["cod"] == expected


def test_cash_on_delivery_can_be_switched_off() -> None:
    assert reasons(97_000, cod=False)["cod"] == "cod_off"


def test_with_a_bank_a_courier_can_be_paid_in_full_only() -> None:
    assert reasons(97_000, COURIER, bank=True) == {
        "online_full": None,
        "prepay_200": "needs_branch",
        "cod": "needs_branch",
    }


def test_a_locker_takes_prepaid_parcels_up_to_its_limit() -> None:
    assert reasons(1_000_000, LOCKER, bank=True)["prepay_200"] is None
    assert reasons(1_000_001, LOCKER, bank=True)["prepay_200"] == "locker_limit"
    assert reasons(1_000_001, BRANCH, bank=True)["prepay_200"] is None


@given(st.integers(0, 10**9), DELIVERIES, st.booleans())
def test_every_way_to_pay_is_named_once_and_is_allowed_or_says_why(
    payable: int, delivery: DeliveryKind, bank: bool
) -> None:
    choices = pay_choices(payable, delivery, SHOP, bank)

    assert [choice.kind for choice in choices] == list(PayType)
    assert all(choice.allowed == (choice.reason is None) for choice in choices)


@pytest.mark.parametrize(
    ("pay_type", "payable", "due"),
    [
        (PayType.COD, 97_000, 0),
        (PayType.ONLINE_FULL, 97_000, 97_000),
        (PayType.PREPAY_200, 97_000, 20_000),
        (PayType.PREPAY_200, 15_000, 15_000),
    ],
)
def test_what_is_due_now_follows_from_the_way_to_pay(pay_type: PayType, payable: int, due: int) -> None:
    assert due_now(payable, pay_type, SHOP) == due


def test_the_commission_of_the_carrier_is_twenty_hryvnias_and_two_percent() -> None:
    assert cod_commission(hryvnias(970), SHOP) == 2_000 + 1_940
    assert cod_commission(0, SHOP) == 2_000
