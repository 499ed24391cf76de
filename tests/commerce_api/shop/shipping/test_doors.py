"""A door is one text in an order and three parts on a waybill, however it was typed."""

import pytest

from commerce_api.foundation.theming import texts
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping.doors import Door, door_of, place_words, split_house, text_of


@pytest.mark.parametrize(
    ("line", "street", "house"),
    [
        ("вул. Франка, 5а", "вул. Франка", "5а"),
        ("вулиця Сумська 10", "вулиця Сумська", "10"),
        ("просп. Науки, буд. 27/1", "просп. Науки", "27/1"),
        ("вул. 8 Березня, 12-Б", "вул. 8 Березня", "12-Б"),
        ("вул. 8 Березня", "вул. 8 Березня", ""),
        ("Шевченка", "Шевченка", ""),
        ("вул. Героїв 2-га", "вул. Героїв 2-га", ""),
        ("5", "5", ""),
        ("", "", ""),
    ],
)
def test_a_house_behind_its_street_is_found(line: str, street: str, house: str) -> None:
    assert split_house(line) == (street, house)


@pytest.mark.parametrize(
    ("parts", "door"),
    [
        (("вул. Франка", "5а", "12"), Door("вул. Франка", "5а", "12")),
        (("вул. Франка", "5а", ""), Door("вул. Франка", "5а", "")),
        (("вул. Франка, 2 під’їзд", "5, корпус 2", "12,"), Door("вул. Франка 2 під’їзд", "5 корпус 2", "12")),
    ],
)
def test_the_parts_come_back_whatever_commas_were_typed(parts: tuple[str, str, str], door: Door) -> None:
    assert door_of(text_of(*parts)) == door


@pytest.mark.parametrize(
    ("typed", "door"),
    [
        ("Коперника 1", Door("Коперника 1", "", "")),
        ("вул. Франка, буд. 5, кв. 12", Door("вул. Франка", "5", "12")),
        ("вул. Франка, 5, під’їзд 2, кв. 12", Door("вул. Франка", "5", "під’їзд 2 кв. 12")),
        ("", Door("", "", "")),
    ],
)
def test_what_staff_typed_is_read_as_well_as_it_can_be(typed: str, door: Door) -> None:
    assert door_of(typed) == door


def test_a_flat_is_called_one_in_each_language_and_a_branch_stays_as_it_is() -> None:
    door = (DeliveryKind.COURIER, "Львів", "вул. Франка, 5а, 12")

    assert place_words(*door, texts("uk")) == "Львів, вул. Франка, 5а, кв. 12"
    assert place_words(*door, texts("en")) == "Львів, вул. Франка, 5а, flat 12"
    assert place_words(DeliveryKind.COURIER, "Львів", "вул. Франка, 5а", texts("uk")) == "Львів, вул. Франка, 5а"
    assert place_words(DeliveryKind.BRANCH, "Львів", "Відділення №1: Франка, 5, 2", texts("en")).endswith("5, 2")
