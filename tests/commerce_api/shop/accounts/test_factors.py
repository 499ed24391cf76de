"""Codes of an authenticator, against the vectors of RFC 6238, and the secrets behind them."""

import asyncio
import base64

import pytest

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock, data_keys, sealing
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts import factors, totp
from commerce_api.shop.accounts.errors import WrongCode
from commerce_api.shop.accounts.models import SecondFactor
from tests.commerce_api.shop.accounts.test_service import hire

VECTOR = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    # The RFC prints eight digits; six are their end.
    assert totp.code_at(VECTOR, totp.step_at(seconds)) == code[-6:]


def test_a_clock_may_be_one_step_aside_and_no_step_counts_twice() -> None:
    now = 1_000_000.0
    step = totp.step_at(now)
    assert totp.matching_step(VECTOR, totp.code_at(VECTOR, step + 1), now, 0) == step + 1
    assert totp.matching_step(VECTOR, totp.code_at(VECTOR, step - 2), now, 0) is None
    assert totp.matching_step(VECTOR, totp.code_at(VECTOR, step), now, step) is None


@pytest.mark.anyio
async def test_of_two_who_send_one_code_at_once_one_comes_in(database: Settings) -> None:
    who, keys = await hire(), database.data_keys
    offer = await transact(lambda: factors.begin(who.id, keys))
    step = totp.step_at(clock.now().timestamp())
    await transact(lambda: factors.confirm(who.id, totp.code_at(offer.secret, step - 1), keys))
    code = totp.code_at(offer.secret, step)
    tries = [transact(lambda: factors.check(who.id, code, keys)) for _ in range(4)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", *["WrongCode"] * 3]


@pytest.mark.anyio
async def test_secrets_are_sealed_and_move_to_a_new_key(sqlite_database: Settings) -> None:
    who, old, new = await hire(), data_keys.new_key(), data_keys.new_key()
    offer = await transact(lambda: factors.begin(who.id, (old,)))
    assert offer.secret not in (await SecondFactor.get()).secret
    assert await transact(lambda: factors.rotate((new, old))) == 1
    assert (await transact(lambda: factors.begin(who.id, (new,)))).secret == offer.secret
    with pytest.raises(sealing.CannotOpen):
        await transact(lambda: factors.begin(who.id, (old,)))


@pytest.mark.anyio
async def test_a_factor_that_was_never_confirmed_opens_nothing(sqlite_database: Settings) -> None:
    who, keys = await hire(), sqlite_database.data_keys
    offer = await transact(lambda: factors.begin(who.id, keys))
    code = totp.code_at(offer.secret, totp.step_at(clock.now().timestamp()))
    assert await factors.has_factor(who.id) is False
    with pytest.raises(WrongCode):
        await transact(lambda: factors.check(who.id, code, keys))
