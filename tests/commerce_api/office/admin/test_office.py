"""The staff office over HTTP: closed by default, written through services, everything noted."""

import re
from html import unescape
from pathlib import Path

import pytest
import starlette_admin
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from commerce_api.office.admin import ukrainian
from commerce_api.office.admin.models import AuditEntry
from commerce_api.office.admin.nonces import with_nonces
from commerce_api.office_app import DESKS, VIEWS
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.catalog.models import Product, Sku
from commerce_api.shop.orders.models import Order, StatusChange
from tests.commerce_api.office.builders import PASSWORD, Office, read
from tests.commerce_api.shop.customer_area.test_routes import OFFICE as LISTS

SOLD = "TC-KOLOS-TEE-COAL-M"
PAGES = ("/admin/", "/admin/orders/list", "/admin/products/list", "/admin/audit/list")
FORBIDDEN = "Заборонено"
DESKS_OF = {"desk": {Role.ORDERS}, "owed": {Role.SUPPORT}}
"""Pages that are no lists, and who of the staff may open them; the owner opens all."""


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_the_door(office: Office, page: str) -> None:
    answer = office.client.get(page, follow_redirects=False)
    assert answer.status_code == 303
    assert "/admin/login" in answer.headers["location"]


def test_an_account_without_a_role_stays_outside_and_reads_what_every_wrong_password_reads(office: Office) -> None:
    said = set()
    for email, password in (
        ("nobody@shop.example", PASSWORD),
        ("owner@shop.example", "wrong one"),
        ("x@y.example", "x"),
    ):
        form = {"username": email, "password": password, "csrftoken": office.token()}
        answer = office.client.post("/admin/login", data=form)
        assert answer.status_code == 400
        said.add(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text))
    assert len(said) == 1


@pytest.mark.parametrize(
    ("role", "open_views"),
    [
        (Role.OWNER, {"orders", "products", "audit"}),
        (Role.ORDERS, {"orders"}),
        (Role.CATALOGUE, {"products"}),
        (Role.MARKETING, set()),
        (Role.CONTENT, set()),
        (Role.SUPPORT, set()),
    ],
)
def test_every_role_sees_its_lists_and_no_other(office: Office, role: Role, open_views: set[str]) -> None:
    office.sign_in(role)
    seen = {
        view
        for view in ("orders", "products", "audit")
        for page in (f"/admin/{view}/list", f"/admin/{view}/detail?pk=1")
        if office.client.get(page).status_code == 200
    }
    assert seen == open_views


@pytest.mark.parametrize("role", Role)
def test_every_deed_of_a_list_is_open_to_the_roles_of_the_list_alone(office: Office, role: Role) -> None:
    office.sign_in(role)
    csrf = {"X-CSRFToken": office.token("/admin/")}
    for view in (kind() for kind in VIEWS):
        mine = role in {*LISTS[view.key or ""], Role.OWNER}
        deeds = [("row-action", {"pk": "99", "name": name}) for name in view.row_actions or ()]
        deeds += [("action", {"pks": "99", "name": name}) for name in view.actions or ()]
        assert deeds
        for way, asked in deeds:
            answer = office.client.post(f"/admin/_api/{view.key}/{way}", params=asked, headers=csrf)
            assert answer.status_code in {200, 400}
            # What the library brings along for every list is nobody's here.
            expected = mine and asked["name"] not in {"export", "delete"}
            assert (FORBIDDEN in answer.text) is not expected, f"{view.key} {asked['name']}"


@pytest.mark.parametrize("role", Role)
def test_every_desk_is_open_to_its_roles_alone(office: Office, role: Role) -> None:
    assert len(DESKS_OF) == len(DESKS)
    office.sign_in(role)
    for name, roles in DESKS_OF.items():
        answer = office.client.get(f"/admin/{name}")
        assert (answer.status_code == 200) is (role in {*roles, Role.OWNER}), name


def test_an_order_is_confirmed_by_its_action_and_the_deed_is_noted(office: Office) -> None:
    office.sign_in(Role.ORDERS)
    assert office.act("orders", "confirm") == 200
    order = read(office, Order.get(number=office.number))
    assert isinstance(order, Order)
    assert order.status.value == "confirmed"
    notes = read(office, AuditEntry.all())
    assert isinstance(notes, list)
    assert [(note.action, note.subject, note.changes["status"]) for note in notes] == [
        ("order.confirm", office.number, ["new", "confirmed"])
    ]


def test_an_order_tells_its_story_in_words(office: Office) -> None:
    # given an order that staff have confirmed
    office.sign_in(Role.ORDERS)
    assert office.act("orders", "confirm") == 200

    # when its page is read, then nothing of its history is a code
    cells = re.findall(r"<td[^>]*>(.*?)</td>", office.client.get("/admin/orders/detail?pk=1").text, re.DOTALL)
    told = {unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells}
    assert {"прийнято", "підтверджено", "працівник", "стан"} <= told
    assert told.isdisjoint({"new", "confirmed", "staff", "status"})


def test_why_an_order_was_cancelled_stands_in_its_story_with_the_words_beside_it(office: Office) -> None:
    # given one that staff have cancelled with words of their own, and one that its customer has with a reason
    office.sign_in(Role.ORDERS)
    assert office.act("orders", "cancel", reason="other", note="просив переробити") == 200
    ours = unescape(office.client.get("/admin/orders/detail?pk=1").text)
    read(office, StatusChange.filter(new="cancelled").update(reason="customer: changed_mind"))
    theirs = unescape(office.client.get("/admin/orders/detail?pk=1").text)

    # then both halves are told
    assert "інше: просив переробити" in ours
    assert "скасував клієнт: передумали" in theirs


def test_on_a_phone_every_value_stands_under_its_own_name(office: Office) -> None:
    office.sign_in(Role.ORDERS)
    page = office.client.get("/admin/orders/detail?pk=1").text
    names = [unescape(name) for name in re.findall(r'<td data-label="([^"]*)"', page)]
    assert {"номер", "ім’я", "сума"} <= set(names)
    assert not any(re.search("[a-z]", name) for name in names)


def test_a_move_that_the_table_does_not_allow_is_refused_and_not_noted(office: Office) -> None:
    office.sign_in(Role.ORDERS)
    assert office.act("orders", "deliver") == 400
    assert read(office, AuditEntry.all().count()) == 0


@pytest.mark.parametrize(("reason", "status"), [("customer_asked", 200), ("because", 400), ("expired", 400)])
def test_a_cancellation_needs_one_of_the_reasons_of_staff(office: Office, reason: str, status: int) -> None:
    office.sign_in(Role.ORDERS)
    assert office.act("orders", "cancel", reason=reason) == status


def test_of_returned_goods_what_is_ticked_can_be_sold_again(office: Office) -> None:
    # given an order of counted goods that came home
    office.sign_in(Role.ORDERS)
    read(office, Sku.filter(code=SOLD).update(stock=5))
    for move in ("confirm", "pack", "ship", "deliver"):
        assert office.act("orders", move) == 200
    assert f'name="restock" value="{SOLD}"' in unescape(office.client.get("/admin/orders/list").text)

    assert office.act("orders", "take_back", restock=SOLD) == 200

    assert read(office, Sku.get(code=SOLD)).stock == 6


@pytest.mark.parametrize("action", ["delete", "edit"])
def test_actions_that_no_list_offers_cannot_be_posted_either(office: Office, action: str) -> None:
    office.sign_in(Role.OWNER)
    assert office.act("orders", action) == 400
    assert read(office, Order.all().count()) == 1


@pytest.mark.parametrize("pk", [99, 2**63])
def test_an_action_on_a_row_that_is_not_there_says_so(office: Office, pk: int) -> None:
    office.sign_in(Role.OWNER)
    for view in (kind() for kind in VIEWS):
        for action in {*(view.row_actions or ())} - {"view", "edit"}:
            assert office.act(view.key or "", action, pk) == 400, f"{view.key} {action}"
    assert read(office, AuditEntry.all().count()) == 0


@pytest.mark.parametrize(
    "page", ["/admin/orders/create", "/admin/orders/edit?pk=1", "/admin/products/create", "/admin/audit/edit?pk=1"]
)
def test_nothing_is_made_or_typed_over_where_no_service_stands_behind_it(office: Office, page: str) -> None:
    office.sign_in(Role.OWNER)
    assert office.client.get(page).status_code == 403


def product_form(office: Office, **changes: str) -> dict[str, str]:
    typed = {"status": "published", "publish_at": "", "price": "890", "discount_percent": "0"}
    return {**typed, **changes, "csrftoken": office.token("/admin/")}


def test_a_price_is_changed_through_the_catalogue_and_noted_with_before_and_after(office: Office) -> None:
    office.sign_in(Role.CATALOGUE)
    form = product_form(office, price="1 234", discount_percent="10")
    answer = office.client.post("/admin/products/edit?pk=1", data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    product = read(office, Product.get(id=1))
    assert isinstance(product, Product)
    assert (product.price, product.discount_percent) == (123_400, 10)
    notes = read(office, AuditEntry.all())
    assert isinstance(notes, list)
    assert notes[0].changes == {"price": [89_000, 123_400], "discount_percent": [0, 10]}


@pytest.mark.parametrize(
    "change",
    [
        {"price": "дорого"},
        {"price": ""},
        {"price": "-5"},
        {"price": "0,50"},
        {"discount_percent": "91"},
        {"status": "draft"},
    ],
)
def test_a_refused_form_says_why_and_shows_what_was_typed(office: Office, change: dict[str, str]) -> None:
    office.sign_in(Role.CATALOGUE)
    answer = office.client.post("/admin/products/edit?pk=1", data=product_form(office, **change))
    assert answer.status_code == 422
    assert change.get("price", "") in answer.text
    assert "is-invalid" in answer.text or "invalid-feedback" in answer.text
    assert read(office, AuditEntry.all().count()) == 0


def seen_in(page: str) -> str:
    found = re.search(r'<input type="hidden" name="seen" value="([^"]+)"', page)
    assert found, page
    return unescape(found.group(1))


def test_of_two_open_forms_neither_undoes_what_the_other_changed(office: Office) -> None:
    office.sign_in(Role.CATALOGUE)
    mine = theirs = seen_in(office.client.get("/admin/products/edit?pk=1").text)
    first = product_form(office, price="1000", seen=theirs)
    assert office.client.post("/admin/products/edit?pk=1", data=first, follow_redirects=False).status_code == 303

    # when I, who saw the old price, change the discount alone, then their price stays
    second = product_form(office, discount_percent="20", seen=mine)
    assert office.client.post("/admin/products/edit?pk=1", data=second, follow_redirects=False).status_code == 303
    product = read(office, Product.get(id=1))
    assert isinstance(product, Product)
    assert (product.price, product.discount_percent) == (100_000, 20)


def test_who_would_overwrite_a_colleague_is_told_and_may_mean_it(office: Office) -> None:
    office.sign_in(Role.CATALOGUE)
    seen = seen_in(office.client.get("/admin/products/edit?pk=1").text)
    office.client.post("/admin/products/edit?pk=1", data=product_form(office, price="1000", seen=seen))

    mine = product_form(office, price="950", seen=seen)
    refused = office.client.post("/admin/products/edit?pk=1", data=mine)
    product = read(office, Product.get(id=1))
    assert isinstance(product, Product)
    assert (refused.status_code, product.price) == (422, 100_000)
    assert "1\u00a0000\u00a0₴" in refused.text
    assert 'value="950"' in refused.text

    again = {**mine, "seen": seen_in(refused.text)}
    assert office.client.post("/admin/products/edit?pk=1", data=again, follow_redirects=False).status_code == 303
    notes = read(office, AuditEntry.all().order_by("id"))
    assert isinstance(notes, list)
    assert [note.changes for note in notes] == [{"price": [89_000, 100_000]}, {"price": [100_000, 95_000]}]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_office_keeps_its_content_policy(office: Office, page: str) -> None:
    office.sign_in(Role.OWNER)
    answer = office.client.get(page)
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce is not None
    inline = re.findall(r"<(?:script|style)(?![^>]*\bsrc=)([^>]*)>", answer.text)
    assert inline
    assert all(f'nonce="{nonce.group(1)}"' in attributes for attributes in inline)
    assert not re.search(r"\son(?:click|change|submit|load|error)=", answer.text)
    assert "rsms.me" not in answer.text


def test_a_form_without_its_token_changes_nothing(office: Office) -> None:
    office.sign_in(Role.CATALOGUE)
    form = {"status": "published", "price": "1", "discount_percent": "0"}
    assert office.client.post("/admin/products/edit?pk=1", data=form).status_code == 403


def test_signing_out_ends_the_session_on_the_server(office: Office) -> None:
    office.sign_in(Role.OWNER)
    session = office.client.cookies["sid"]
    office.client.post("/admin/logout", data={"csrftoken": office.token("/admin/")})
    office.client.cookies.set("sid", session)
    assert office.client.get("/admin/", follow_redirects=False).status_code == 303


def test_scripts_with_a_source_keep_their_source_and_inline_ones_get_a_nonce() -> None:
    made = with_nonces('<script src="a.js"></script><script>x()</script><style>a{}</style>')
    assert made.count("csp_nonce") == 2
    assert '<script src="a.js"></script>' in made


def test_every_word_of_the_admin_has_ukrainian_words() -> None:
    german = Path(starlette_admin.__file__).parent / "translations" / "de" / "LC_MESSAGES" / "admin.mo"
    with german.open("rb") as compiled, ukrainian.CATALOGUE.open("rb") as ours:
        wanted, said = read_mo(compiled), read_po(ours, locale="uk")
    missing = [message.id for message in wanted if message.id and not said.get(message.id)]
    assert missing == []
    places = re.compile(r"%\(\w+\)\w|\{\w+\}")
    for message in said:
        if message.id and isinstance(message.id, str):
            assert sorted(places.findall(message.id)) == sorted(places.findall(str(message.string))), message.id
