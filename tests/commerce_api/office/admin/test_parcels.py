"""Parcels in the office: a waybill made and taken back in an order's row, a label that shows no key, dead numbers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commerce_api.foundation.settings import Settings
from commerce_api.office.admin.models import AuditEntry
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.orders.errors import EmptyOrder
from commerce_api.shop.orders.queries import order_by_id
from commerce_api.shop.shipping.mirror import mirror
from commerce_api.shop.shipping.models import Shipment
from commerce_api.shop.shipping.states import ShipmentState
from commerce_api.wiring import Adapters
from tests.commerce_api.office.builders import Office, opened, read
from tests.commerce_api.shop.shipping.builders import SETTINGS, Line


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def office(settings: Settings, furnished: tuple[Path, str], line: Line) -> Iterator[Office]:
    """An office that is connected to a carrier, with a confirmed order whose place was typed by hand."""
    with opened(settings, furnished, Adapters(carrier=line.carrier())) as here:
        read(here, mirror(line.carrier()))
        here.sign_in(Role.ORDERS)
        assert here.act("orders", "confirm") == 200
        yield here


def test_a_waybill_is_made_labelled_and_taken_back_from_the_row_of_its_order(office: Office, line: Line) -> None:
    assert office.act("orders", "make_waybill") == 200
    (document,) = line.depot.documents.values()
    label = office.client.post(
        "/admin/_api/orders/row-action",
        params={"pk": "1", "name": "print_label"},
        headers={"X-CSRFToken": office.token("/admin/")},
    )

    assert (label.status_code, label.headers["content-type"]) == (200, "application/pdf")
    assert label.headers["cache-control"] == "no-store"
    assert document.number.encode() in label.content
    assert SETTINGS.api_key not in str(label.headers)
    listed = office.client.get("/admin/parcels/list")
    assert listed.status_code == 200
    assert office.act("orders", "void_waybill") == 200
    assert document.code == "2"
    assert read(office, AuditEntry.filter(action__startswith="waybill.").count()) == 2


def test_an_order_of_the_desk_goes_to_the_point_that_its_words_mean_at_the_carriers_price(office: Office) -> None:
    form = {
        "key": "k", "name": "Ґудзь Ганна", "phone": "050 111 22 33", "kind": "branch", "city": "львів",
        "branch": "відділення 12", "payment": "cod", "new_sku_0": "TC-KOLOS-TEE-COAL-M",
        "csrftoken": office.token("/admin/desk"),
    }  # fmt: skip

    placed = office.client.post("/admin/desk", data=form, follow_redirects=False)

    assert placed.status_code == 303, placed.text
    order: Any = read(office, order_by_id(2))
    assert (order.city, order.shipping) == ("Львів", 7_400)
    assert order.branch.startswith("Відділення №12")
    assert order.city_ref
    assert order.branch_ref


def test_a_form_of_the_desk_without_goods_is_shown_again_wherever_it_leads(office: Office, line: Line) -> None:
    form = {
        "key": "k", "name": "Ґудзь Ганна", "phone": "050 111 22 33", "kind": "branch", "city": "львів",
        "branch": "відділення 12", "payment": "cod", "csrftoken": office.token("/admin/desk"),
    }  # fmt: skip
    asked = list(line.asked)

    refused = office.client.post("/admin/desk", data=form)

    assert refused.status_code == EmptyOrder.status
    assert 'value="відділення 12"' in refused.text
    assert line.asked == asked


def test_others_of_the_staff_make_no_waybills_and_print_no_labels(office: Office, line: Line) -> None:
    office.sign_in(Role.MARKETING)

    assert [office.act("orders", name) for name in ("make_waybill", "print_label", "void_waybill")] == [
        400
    ] * 3  # as the admin says "forbidden"
    assert office.client.get("/admin/parcels/list").status_code == 403
    assert line.depot.documents == {}


def test_a_refusal_of_the_carrier_is_told_in_its_words(office: Office, line: Line) -> None:
    line.broken["*"] = "silent"

    assert office.act("orders", "make_waybill") == 400
    assert read(office, Shipment.filter(state=ShipmentState.MADE).count()) == 0


def test_a_number_that_was_set_aside_is_followed_again(office: Office) -> None:
    office.act("orders", "make_waybill")
    read(office, Shipment.filter(id=1).update(quarantined_at=datetime(2026, 11, 1, tzinfo=UTC), next_poll_at=None))

    assert office.act("parcels", "follow") == 200
    row = read(office, Shipment.get(id=1))
    assert isinstance(row, Shipment)
    assert (row.quarantined_at, row.next_poll_at is not None) == (None, True)
