"""The desk over HTTP: forms that place and change orders, for who may, with everything noted."""

import re
from html import unescape
from typing import Any

import pytest

from commerce_api.office.admin.models import AuditEntry
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.queries import OrderView, order_by_id
from tests.commerce_api.office.builders import Office, read

M, L = "TC-KOLOS-TEE-COAL-M", "TC-KOLOS-TEE-COAL-L"
WHO = {"name": "Ґудзь Ганна", "phone": "050 111 22 33", "kind": "branch", "city": "Львів", "branch": "Відділення 3"}


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrftoken":
            found[name[1]] = unescape(value[1]) if value else ""
    for name, inner in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    return found


def post(office: Office, path: str, **form: str) -> Any:
    return office.client.post(path, data={**form, "csrftoken": office.token(path)}, follow_redirects=False)


def order(office: Office, pk: int) -> OrderView:
    return read(office, order_by_id(pk))


def deeds(office: Office) -> list[Any]:
    rows: Any = read(office, AuditEntry.all().order_by("id").values_list("action", "subject"))
    return [tuple(row) for row in rows]


def test_an_order_is_placed_by_a_form_once_and_noted(office: Office) -> None:
    office.sign_in(Role.ORDERS)
    form = {**fields(office.client.get("/admin/desk").text), **WHO, "new_sku_0": M.lower(), "new_quantity_0": "2"}
    first, again = (post(office, "/admin/desk", **form) for _ in range(2))

    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"] == "/admin/orders/detail?pk=2"
    made = order(office, 2)
    assert [(line.sku, line.quantity) for line in made.lines] == [(M, 2)]
    assert (made.name, made.phone, made.city, made.pay_type) == ("Ґудзь Ганна", "+380501112233", "Львів", "cod")
    assert made.number in office.client.get(first.headers["location"]).text
    assert deeds(office) == [("order.place", made.number)]


def test_what_is_refused_comes_back_as_it_was_typed(office: Office) -> None:
    office.sign_in(Role.OWNER)
    form = {**fields(office.client.get("/admin/desk").text), **WHO, "new_sku_0": "TC-NONE", "phone": "12"}
    wrong_phone = post(office, "/admin/desk", **form)
    gone = post(office, "/admin/desk", **{**form, "phone": "0501112233", "name": "<b>Ганна</b>"})

    assert (wrong_phone.status_code, gone.status_code) == (422, 409)
    assert "is-invalid" in wrong_phone.text
    assert fields(wrong_phone.text)["new_sku_0"] == "TC-NONE"
    assert fields(gone.text)["name"] == "<b>Ганна</b>"
    assert "<b>Ганна" not in gone.text
    assert deeds(office) == []


@pytest.mark.parametrize("change", [{"lang": "de"}, {"lang": "x" * 5_000}, {"promo": "A" * 5_000}])
def test_a_language_or_a_code_that_no_order_can_have_is_refused(office: Office, change: dict[str, str]) -> None:
    office.sign_in(Role.ORDERS)
    form = {**fields(office.client.get("/admin/desk").text), **WHO, "new_sku_0": M}

    assert post(office, "/admin/desk", **{**form, **change}).status_code == 422
    assert read(office, Order.all().count()) == 1


def test_lines_sizes_and_address_are_changed_by_the_form_and_a_slower_colleague_is_told(office: Office) -> None:
    office.sign_in(Role.ORDERS)
    before = order(office, 1)
    form = fields(office.client.get("/admin/desk/1").text)
    assert (form[f"line.{M}"], form["name"]) == ("1", before.name)

    saved = post(office, "/admin/desk/1", **{**form, f"swap.{M}": L, f"line.{M}": "3", "city": "Суми"})
    stale = post(office, "/admin/desk/1", **{**form, "comment": "ще"})
    meant = post(office, "/admin/desk/1", **{**fields(stale.text), "comment": "ще"})

    assert (saved.status_code, stale.status_code, meant.status_code) == (303, 409, 303)
    after = order(office, 1)
    assert [(line.sku, line.quantity) for line in after.lines] == [(L, 3)]
    assert (after.comment, after.city) == ("ще", "Суми"), "the colleague's change stays"
    assert after.history[1].reason == f"{L} 0>3, {M} 1>0, address"
    assert [deed for deed, _ in deeds(office)] == ["order.edit", "order.edit"]


def test_a_form_saved_as_it_was_changes_nothing(office: Office) -> None:
    office.sign_in(Role.ORDERS)
    before = order(office, 1)
    assert post(office, "/admin/desk/1", **fields(office.client.get("/admin/desk/1").text)).status_code == 303
    assert order(office, 1) == before
    assert deeds(office) == []


@pytest.mark.parametrize("role", [Role.CATALOGUE, Role.MARKETING, Role.CONTENT, Role.SUPPORT])
def test_the_desk_is_closed_to_other_staff(office: Office, role: Role) -> None:
    office.sign_in(role)
    for path in ("/admin/desk", "/admin/desk/1"):
        assert office.client.get(path).status_code == 403
        assert post(office, path, **WHO).status_code == 403


def test_a_stranger_is_sent_to_the_door_and_an_order_that_is_not_there_is_not_found(office: Office) -> None:
    assert office.client.get("/admin/desk/1", follow_redirects=False).status_code == 303
    office.sign_in(Role.ORDERS)
    assert office.client.get("/admin/desk/99").status_code == 404
