"""Who may sign in."""

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from commerce_api.foundation.db.tx import NoTransaction, transact
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts import bearers, passwords, service
from commerce_api.shop.accounts.errors import BadEmail, EmailTaken, WeakPassword, WrongCredentials
from commerce_api.shop.accounts.models import Account
from commerce_api.shop.accounts.queries import Person, person, roles_of, staff_exists
from commerce_api.shop.accounts.roles import Role

pytestmark = pytest.mark.anyio

HASHER = passwords.HASHER
"""The shop's own; while tests run a quick one stands in its place."""
PASSWORD = "kolos nad dnipromʼ 7"


async def hire(email: str = "olena@shop.example", *roles: Role) -> Person:
    return await transact(lambda: service.create_staff(email, "Олена", PASSWORD, roles or (Role.ORDERS,)))


async def test_a_staff_account_signs_in_whatever_the_letter_case_of_its_address(
    database: Settings,
) -> None:
    hired = await hire("Olena@Shop.example")
    who = await service.check_password(" olena@shop.EXAMPLE ", PASSWORD)
    assert who == hired
    assert who.may(Role.ORDERS)
    assert not who.may(Role.CATALOGUE)


async def test_the_owner_may_do_everything(sqlite_database: Settings) -> None:
    owner = await hire("owner@shop.example", Role.OWNER)
    assert all(owner.may(role) for role in Role)


@pytest.mark.parametrize(
    ("email", "password"),
    [("olena@shop.example", "wrong password"), ("nobody@shop.example", PASSWORD), ("", ""), ("olena@shop.example", "")],
)
async def test_every_wrong_way_in_gets_the_same_answer(sqlite_database: Settings, email: str, password: str) -> None:
    await hire()
    with pytest.raises(WrongCredentials) as refused:
        await service.check_password(email, password)
    assert refused.value.details == {}


async def test_an_unknown_address_costs_a_hash_too(sqlite_database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # The time taken must not tell which accounts exist.
    compared: list[str] = []
    real = passwords._matches

    def noting(stored: str, typed: str) -> bool:
        compared.append(stored)
        return real(stored, typed)

    monkeypatch.setattr(passwords, "_matches", noting)
    with pytest.raises(WrongCredentials):
        await service.check_password("nobody@shop.example", "guess")
    assert len(compared) == 1
    assert compared[0].startswith("$argon2id$")


async def test_a_disabled_account_cannot_sign_in_and_has_no_roles(sqlite_database: Settings) -> None:
    hired = await hire()
    await Account.filter(id=hired.id).update(disabled_at=clock.now())
    with pytest.raises(WrongCredentials):
        await service.check_password(hired.email, PASSWORD)
    assert await person(hired.id) is None
    assert await roles_of(hired.id) is None


async def test_one_address_has_one_account(database: Settings) -> None:
    await hire()
    with pytest.raises(EmailTaken):
        await hire("OLENA@shop.example")


async def test_a_right_is_granted_once(sqlite_database: Settings) -> None:
    await hire()
    assert await transact(lambda: service.grant("olena@shop.example", Role.CATALOGUE)) is True
    assert await transact(lambda: service.grant("olena@shop.example", Role.CATALOGUE)) is False
    assert await transact(lambda: _refused("nobody@shop.example")) is True


async def test_a_token_that_a_shopper_made_does_not_become_one_of_staff(sqlite_database: Settings) -> None:
    # given a shopper with a program
    shopper = await transact(lambda: service.create_staff("oksana@shop.example", "Оксана", PASSWORD, []))
    _, token = await transact(lambda: bearers.make(shopper.id, "a program"))
    assert await bearers.account_of_token(token) == shopper.id

    # when the account gets a right
    await transact(lambda: service.grant("oksana@shop.example", Role.ORDERS))

    # then the token, which came in by no strict door, opens nothing
    assert await bearers.account_of_token(token) is None


async def _refused(email: str) -> bool:
    try:
        await service.grant(email, Role.OWNER)
    except ShopError:
        return True
    return False


async def test_accounts_are_written_only_in_a_transaction(sqlite_database: Settings) -> None:
    with pytest.raises(NoTransaction):
        await service.create_staff("olena@shop.example", "Олена", PASSWORD, [Role.ORDERS])
    assert await staff_exists() is False


@pytest.mark.parametrize(
    "email",
    [
        "",
        "olena",
        "olena@",
        "@shop.example",
        "a b@shop.example",
        "<olena>@shop.example",
        "olena@shop",
        "olena\x00@shop.example",
        "x" * 250 + "@a.ua",
    ],
)
def test_what_cannot_be_an_address_is_refused(email: str) -> None:
    with pytest.raises(BadEmail):
        service.checked_email(email)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", "olena@shop.example", "x" * 129])
def test_passwords_that_are_guessed_first_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.check_strength(password, "olena@shop.example")


def test_a_guess_costs_what_owasp_advises() -> None:
    strength = extract_parameters(HASHER.hash(PASSWORD))

    assert (strength.type, strength.memory_cost, strength.time_cost) == (Type.ID, 19 * 1024, 2)


async def test_a_hash_of_weaker_strength_is_renewed_when_its_owner_signs_in(sqlite_database: Settings) -> None:
    # given an account whose hash was made with less memory
    hired = await hire()
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await Account.filter(id=hired.id).update(password_hash=weak)
    # when its owner signs in
    await service.check_password(hired.email, PASSWORD)
    # then the stored hash is of today's strength
    stored = (await Account.get(id=hired.id)).password_hash
    assert stored is not None
    assert not passwords.needs_rehash(stored)


async def test_an_address_that_no_database_can_hold_is_a_wrong_one(database: Settings) -> None:
    with pytest.raises(WrongCredentials):
        await service.check_password("olena\x00@shop.example", PASSWORD)
