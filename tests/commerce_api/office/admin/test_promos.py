"""Promo codes in the office: made, listed, taken away as a table, switched off; by marketing and nobody else."""

import csv
import io

from commerce_api.office.admin.models import AuditEntry
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.promotions.models import PromoCode
from commerce_api.shop.promotions.tables import as_csv
from tests.commerce_api.office.builders import Office, read

FORM = {"kind": "percent", "value": "10", "batch": "", "code": "", "group_name": ""}


def create(office: Office, **changes: str) -> int:
    """Post the form of a new code; the status of the answer."""
    form = {**FORM, **changes, "csrftoken": office.token("/admin/promos/create")}
    return office.client.post("/admin/promos/create", data=form, follow_redirects=False).status_code


def test_marketing_makes_one_code_or_a_batch_and_the_log_says_so(office: Office) -> None:
    office.sign_in(Role.MARKETING)
    one = create(office, code="drop10", minimum="1 500", once_per_customer="on", categories="hoodies, t-shirts")
    many = create(office, kind="voucher", value="200", count="20", batch="friends")

    assert (one, many) == (303, 303)
    single = read(office, PromoCode.get(code="DROP10"))
    assert isinstance(single, PromoCode)
    assert (single.value, single.minimum, single.once_per_customer) == (10, 150_000, True)
    assert single.categories == ["hoodies", "t-shirts"]
    assert read(office, PromoCode.filter(batch="friends", value=20_000, max_uses=1).count()) == 20
    assert read(office, AuditEntry.filter(action="promo.create").count()) == 2


def test_a_code_that_cannot_be_is_refused_in_the_form(office: Office) -> None:
    office.sign_in(Role.MARKETING)
    assert create(office, value="91") == 422
    assert create(office, code="drop10") == 303
    assert create(office, code="DROP10") == 422
    assert read(office, PromoCode.all().count()) == 1


def test_a_minimum_that_is_no_amount_is_refused_and_not_taken_for_none(office: Office) -> None:
    office.sign_in(Role.MARKETING)
    assert create(office, code="drop10", minimum="1500 грн.") == 422
    assert read(office, PromoCode.all().count()) == 0


def test_codes_are_listed_and_switched_off(office: Office) -> None:
    office.sign_in(Role.MARKETING)
    create(office, code="drop10")
    page = office.client.get("/admin/promos/list")
    pk = read(office, PromoCode.get(code="DROP10"))
    assert isinstance(pk, PromoCode)
    switched = office.act("promos", "switch_off", pk=pk.id)

    assert (page.status_code, switched) == (200, 200)
    assert read(office, PromoCode.filter(active=True).count()) == 0


def test_others_of_the_staff_see_no_codes(office: Office) -> None:
    office.sign_in(Role.ORDERS)
    assert office.client.get("/admin/promos/list").status_code == 403
    assert create(office, code="drop10") == 403
    assert read(office, PromoCode.all().count()) == 0


def test_a_table_of_codes_holds_no_formula() -> None:
    code = PromoCode(code="DROP10", kind="percent", value=10, batch="=1+1", group_name="@drop")
    row = list(csv.DictReader(io.StringIO(as_csv([code]))))[0]
    assert (row["code"], row["batch"], row["group_name"]) == ("DROP10", "'=1+1", "'@drop")
