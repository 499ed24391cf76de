"""What an account's owner sees and does, and what nobody else can."""

import asyncio
import re

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts import factors, totp
from commerce_api.shop.accounts.models import Account
from commerce_api.shop.accounts.queries import profile_of
from commerce_api.shop.catalog.models import RestockRequest
from commerce_api.shop.customer_area.entering import take_over_by_address
from commerce_api.shop.orders import service as orders
from commerce_api.shop.orders.models import Order, StatusChange
from commerce_api.shop.orders.status import Actor, CancelReason, Who
from commerce_api.shop.payments import refunds
from commerce_api.shop.payments.models import Refund
from commerce_api.shop.payments.status import RefundReason
from tests.commerce_api.shop.cart.builders import everything, put_on_shelf, shopper
from tests.commerce_api.shop.checkout.builders import buy, fill
from tests.commerce_api.shop.customer_area.builders import EMAIL, PASSWORD, come_in, somebody, whole_shop
from tests.commerce_api.shop.orders.builders import placed

pytestmark = pytest.mark.anyio
PAGES = ("", "orders/", "favourites/", "points/", "profile/", "security/", "sessions/", "data/")


@pytest.mark.parametrize("lang", ["", "/en"])
async def test_every_page_of_the_account_opens(sqlite_database: Settings, lang: str) -> None:
    codes = await put_on_shelf()
    who = await somebody()
    await placed({codes["M"]: 1}, account_id=who.id)
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        for name in PAGES:
            page = await client.get(f"{lang}/account/{name}")
            assert (page.status_code, page.headers["cache-control"]) == (200, "no-store"), name


async def test_an_order_of_somebody_else_does_not_exist(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    me, other = await somebody(), await somebody("other@example.com")
    mine = await placed({codes["M"]: 1}, account_id=me.id)
    theirs = await placed({codes["M"]: 1}, account_id=other.id)
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        own = await client.get(f"/account/orders/{mine.number}/")
        foreign = await client.get(f"/account/orders/{theirs.number}/")
        never = await client.get("/account/orders/TWC01012020N01/")
        listed = await client.get("/api/v1/account/orders")
    assert own.headers["location"] == f"/order/{mine.token}/"
    assert foreign.status_code == never.status_code == 404
    assert [row["number"] for row in listed.json()["items"]] == [mine.number]


async def test_looking_at_a_page_writes_nothing(sqlite_database: Settings) -> None:
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        before = await everything()
        for name in PAGES:
            await client.get(f"/account/{name}")
        assert await everything() == before


async def test_a_second_factor_is_turned_on_by_its_first_code(sqlite_database: Settings) -> None:
    who = await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        await client.post("/account/security/factor", data={"begin": "1"})
        offer = await factors.offered(who.id, sqlite_database.data_keys)
        assert offer is not None
        page = (await client.get("/account/security/")).text
        assert offer.secret in page
        assert totp.drawing(totp.address(offer.secret, who.email, "TwoComms")) in page
        code = totp.code_at(offer.secret, totp.step_at(clock.now().timestamp()))
        shown = await client.post("/account/security/factor", data={"code": code})
        after = await client.get("/account/security/")
    assert shown.text.count("<code>") == factors.RECOVERY_CODES
    assert offer.secret not in after.text


async def test_one_cart_on_every_device(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None, "L": None})
    await somebody()
    app = whole_shop(database)
    async with shopper(app, database) as phone, shopper(app, database) as desk:
        await fill(phone, {codes["M"]: 2})
        await come_in(phone)
        await fill(desk, {codes["M"]: 1, codes["L"]: 1})
        await come_in(desk)
        seen = (await phone.get("/api/v1/cart")).json()["lines"]
        await phone.post("/account/sign-out")
        after = (await phone.get("/api/v1/cart")).json()["lines"]
        kept = (await desk.get("/api/v1/cart")).json()["lines"]
    assert {line["sku"]: line["quantity"] for line in seen} == {codes["M"]: 3, codes["L"]: 1}
    assert after == []
    assert len(kept) == 2


async def test_the_checkout_asks_nothing_that_the_profile_has_told(sqlite_database: Settings) -> None:
    # given somebody who filled in their profile
    codes = await put_on_shelf()
    who = await somebody()
    told = {"name": "Шевченко Олена", "phone": "+380671234567", "city": "Хуст", "branch": "Відділення 3"}
    await Account.filter(id=who.id).update(**told, payment="cod")
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await fill(client, {codes["M"]: 1})
        stranger = (await client.get("/checkout/")).text

        # when they come to the checkout
        await come_in(client)
        page = (await client.get("/checkout/")).text

    # then everything stands there already, and nothing of it before they came in
    shown = {**told, "phone": "+380 67 123 45 67", "email": EMAIL}
    for name, value in shown.items():
        assert re.search(rf'name="{name}"[^>]* value="{re.escape(value)}"', page), name
        assert value not in stranger
    assert re.search(r'value="cod" required checked', page)


async def test_nobody_opens_an_accounts_cart_by_its_number(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    who = await somebody()
    app = whole_shop(sqlite_database)
    async with shopper(app, sqlite_database) as owner, shopper(app, sqlite_database) as stranger:
        await come_in(owner)
        await fill(owner, {codes["M"]: 1})
        cart = await stranger.get("/api/v1/cart", headers={"x-cart-token": f"account:{who.id}"})
    assert cart.json()["lines"] == []


async def test_a_guests_order_is_claimed_by_its_link_and_phone_once(database: Settings) -> None:
    codes = await put_on_shelf()
    await somebody("one@example.com")
    await somebody("two@example.com")
    order = await placed({codes["M"]: 1}, email=None)
    app = whole_shop(database)
    async with shopper(app, database) as one, shopper(app, database) as two:
        await come_in(one, "one@example.com")
        await come_in(two, "two@example.com")
        path = f"/order/{order.token}/claim"
        await one.post(path, data={"phone": "067 000 00 00"})
        assert (await Order.get()).account_id is None
        await asyncio.gather(*(who.post(path, data={"phone": "067 123-45-67"}) for who in (one, two)))
        found = [(await who.get("/api/v1/account/orders")).json()["total"] for who in (one, two)]
    assert sorted(found) == [0, 1]


async def test_a_guests_order_comes_along_whatever_letters_its_address_was_typed_in(sqlite_database: Settings) -> None:
    codes = await put_on_shelf()
    app = whole_shop(sqlite_database)
    async with shopper(app, sqlite_database) as guest:
        contact = {"name": "Шевченко Оксана", "phone": "067 123-45-67", "email": "Oksana@Example.COM"}
        await buy(guest, await fill(guest, {codes["M"]: 1}), contact=contact)
    who = await somebody("oksana@example.com")
    assert await transact(lambda: take_over_by_address(who)) == 1
    assert (await Order.get()).email == "oksana@example.com"


async def test_two_changes_of_a_profile_at_once_are_both_kept(database: Settings) -> None:
    who = await somebody()
    async with shopper(whole_shop(database), database) as client:
        await come_in(client)
        for turn in range(5):
            city, branch = f"Місто {turn}", f"Відділення {turn}"
            changes = ({"city": city}, {"branch": branch}, {"name": f"Оксана {turn}"})
            await asyncio.gather(*(client.patch("/api/v1/account", json=change) for change in changes))
            profile = await profile_of(who.id)
            assert (profile.city, profile.branch, profile.name) == (city, branch, f"Оксана {turn}")


async def test_a_profile_is_not_kept_in_a_language_that_the_shop_does_not_speak(sqlite_database: Settings) -> None:
    who = await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        program = await client.patch("/api/v1/account", json={"language": "fr"})
        page = await client.post("/account/profile/", data={"language": "fr"})
    assert (program.status_code, page.status_code) == (422, 422)
    assert (await profile_of(who.id)).language == "uk"


async def test_personal_data_is_handed_out_and_forgotten(database: Settings) -> None:
    codes = await put_on_shelf()
    await somebody()
    async with shopper(whole_shop(database), database) as client:
        await come_in(client)
        profile = {"name": "Канарейко Оксана", "phone": "067 999 88 77", "city": "Канареєве", "branch": "Відділення 9"}
        await client.post("/account/profile/", data={**profile, "language": "uk"})
        total = await fill(client, {codes["M"]: 1})
        contact = {"name": profile["name"], "phone": profile["phone"], "email": EMAIL}
        await buy(client, total, contact=contact)
        taken = await client.get("/account/data/export.json")
        waiting = await client.post("/account/data/", data={"password": PASSWORD})
        await Order.all().update(city_ref="canary-city", branch_ref="canary-branch")
        await _end_with_words_of_staff("canary: її мама захворіла")
        wrong = await client.post("/account/data/", data={"password": "not it"})
        deleted = await client.post("/account/data/", data={"password": PASSWORD})
        after = await client.get("/api/v1/account")

    assert taken.headers["content-disposition"].startswith("attachment")
    assert taken.json()["account"]["phone"] == "+380679998877"
    assert taken.json()["orders"][0]["name"] == profile["name"]
    assert (waiting.status_code, wrong.status_code, deleted.status_code) == (409, 422, 303)
    assert after.status_code == 401
    assert await Account.all().count() == 0
    assert (await Order.get()).payable == 97_000  # the books keep the order
    left = str(await everything())
    for canary in (EMAIL, "Канарейко", "+380679998877", "Канареєве", "canary"):
        assert canary not in left
    assert taken.json()["refunds"] == []
    steps = await StatusChange.filter(field="status").order_by("id").values_list("new", "reason")
    assert [tuple(step) for step in steps] == [("new", ""), ("cancelled", "customer_asked")]
    assert (await Refund.get()).amount == 97_000


async def _end_with_words_of_staff(note: str) -> None:
    """Cancel the one order there is and give its money back, saying why."""
    order = await Order.get()
    by_staff, staff = RefundReason.STAFF, Actor(Who.STAFF, 7)

    async def work() -> None:
        await orders.cancel(order.number, CancelReason.CUSTOMER_ASKED, staff, "office", note)
        await refunds.queue(
            order.id, order.number, None, order.payable, by_staff, actor=str(staff), from_order=False, note=note
        )

    await transact(work)


async def test_a_wish_for_a_sold_out_size_is_forgotten_with_its_contact(sqlite_database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": 0})
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await client.post("/restock/", data={"sku": codes["M"], "contact": EMAIL})
        assert await RestockRequest.all().count() == 1
        await come_in(client)
        await client.request("DELETE", "/api/v1/account", json={"password": PASSWORD})
    assert await RestockRequest.all().count() == 0


async def test_a_changed_password_signs_other_devices_out(sqlite_database: Settings) -> None:
    await somebody()
    app = whole_shop(sqlite_database)
    async with shopper(app, sqlite_database) as here, shopper(app, sqlite_database) as there:
        await come_in(here)
        await come_in(there)
        form = {"current": PASSWORD, "password": "ще один довгий 9"}
        changed = await here.post("/account/security/password", data=form)
        states = [(await client.get("/api/v1/account")).status_code for client in (here, there)]
    assert changed.status_code == 303
    assert states == [200, 401]


async def test_a_program_acts_by_its_token_until_it_is_revoked(database: Settings) -> None:
    await somebody()
    app = whole_shop(database)
    async with shopper(app, database) as client, shopper(app, database) as program:
        await come_in(client)
        unproven = await client.post("/api/v1/auth/tokens", json={"name": "облік", "password": "no"})
        made = (await client.post("/api/v1/auth/tokens", json={"name": "облік", "password": PASSWORD})).json()
        bearer = {"authorization": f"Bearer {made['token']}"}
        allowed = await program.get("/api/v1/account", headers=bearer)
        page = await program.get("/account/", headers=bearer)
        await client.delete("/api/v1/auth/tokens", params={"id": made["id"]})
        revoked = await program.get("/api/v1/account", headers=bearer)
    assert unproven.status_code == 422
    assert allowed.json()["email"] == EMAIL
    assert page.status_code == 303  # tokens are for the API alone
    assert revoked.status_code == 401


async def test_a_form_that_is_shown_again_leads_to_its_page_in_the_other_language(sqlite_database: Settings) -> None:
    await somebody()
    async with shopper(whole_shop(sqlite_database), sqlite_database) as client:
        await come_in(client)
        refused = await client.post("/account/security/password", data={"current": "wrong", "password": "short"})

    assert refused.status_code == 422
    assert 'href="/en/account/security/"' in refused.text
